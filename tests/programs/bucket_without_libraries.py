"""Read the setting of a bucket where no library can be imported."""

import sys

from ministry_site.environment import bucket

if __name__ == "__main__":
    sys.path.clear()
    sys.path_importer_cache.clear()
    bucket("s3://ministry/media")
