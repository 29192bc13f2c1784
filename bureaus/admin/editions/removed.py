"""What was removed from a pasted text: a sentence, and a list to open, with the words."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bureaus.text.office_html import Cleaned


def removed_message(removed: Cleaned) -> SafeString:
    items = format_html_join("", "<li><strong>{}</strong>：{}</li>", removed.details)
    return format_html(
        '{}<details class="removed"><summary>取り除いたもの、変えたもの（{}件）を見る</summary>'
        "<ul>{}</ul></details>",
        removed.sentence,
        len(removed.details),
        items,
    )
