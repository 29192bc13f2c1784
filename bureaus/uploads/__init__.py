"""
Safe intake: what an officer uploads is opened by a child process, which owns nothing.

`intake` and `keeping` are for the site. What the child imports (`worker`, `pictures`, `papers`,
`office`, `tables`, `kinds`, `names`, `unfit`) knows neither Django nor the models.
"""
