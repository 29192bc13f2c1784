from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandParser

from bureaus.models import Image
from bureaus.uploads.invalid_upload import InvalidUpload
from bureaus.uploads.sandbox import run_in_sandbox
from bureaus.uploads.storage import store


class Command(BaseCommand):
    help = (
        "画像の、幅の違う小さい画像（WebPなど）を作ります。すでにあるものは作り直しません。"
        "画像そのものは変えません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="すでにあるものも作り直します")
        parser.add_argument(
            "--avif",
            action="store_true",
            help="WebPより1割以上軽くなる画像にAVIFも作ります（1枚に数秒から数十秒）",
        )

    def handle(self, **options: Any) -> None:
        with_avif = options["avif"]
        images = Image.objects.order_by("pk")
        if with_avif and not options["all"]:
            images = images.exclude(renditions__contains=".avif")
        elif not options["all"]:
            images = images.filter(renditions="")
        total, failed = images.count(), 0
        for number, image in enumerate(images.iterator(), 1):
            try:
                make(image, "avif" if with_avif else "renditions")
            except (InvalidUpload, OSError) as error:
                failed += 1
                self.stderr.write(f"{image.file}：作れませんでした（{error}）。")
            if options["verbosity"]:
                self.stdout.write(f"{number}/{total} {image.file} {image.renditions}")
        if total or options["verbosity"]:
            self.stdout.write(f"{total}枚のうち{total - failed}枚の小さい画像を作りました。")
        if failed:
            raise SystemExit(1)


def make(image: Image, task: str) -> None:
    """Make the renditions of a stored picture. Raises InvalidUpload or OSError."""
    with TemporaryDirectory(prefix="ministry-upload-") as folder:
        source = Path(folder) / Path(str(image.file)).name
        with default_storage.open(str(image.file)) as stream:
            source.write_bytes(stream.read())
        before = image.files[1:]
        with run_in_sandbox(task, source, image.focal_x, image.focal_y) as (answer, made):
            image.renditions = " ".join(answer["suffixes"])
            for name, ending in zip(image.files[1:], answer["suffixes"], strict=True):
                with (made / ending).open("rb") as stream:
                    store(name, stream)
        Image.objects.filter(pk=image.pk).update(renditions=image.renditions)
        for name in set(before) - set(image.files):
            default_storage.delete(name)
