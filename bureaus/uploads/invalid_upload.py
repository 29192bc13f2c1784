"""The refusal of a file: one sentence, with the remedy."""


class InvalidUpload(Exception):
    """A refused file; `reason` is the sentence without its beginning, the file's name."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)

    def sentence(self, name: str) -> str:
        return f"「{name}」{self.reason}"


BROKEN = InvalidUpload(
    "broken",
    "は、壊れているか途中で切れているため、読み取れません。元のファイルから書き出し直してください。",
)
TOO_HEAVY = InvalidUpload(
    "heavy",
    "は、開くのに記憶域か時間がかかりすぎます。画像なら縦横を小さくし、文書なら書き出し直すか、"
    "いくつかに分けてください。",
)
BUSY = InvalidUpload(
    "busy",
    "を、混み合っているため処理できませんでした。1分ほどたってから、もう一度登録してください。",
)
NOT_STORED = InvalidUpload(
    "storage",
    "を、保存できませんでした。保存場所に空きがないか、つながりません。しばらくたってから、"
    "もう一度お試しください。続くときは、運用の担当者に連絡してください。",
)
