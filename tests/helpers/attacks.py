"""Hostile texts: each would set `window.hit`, or lead to another host, if anything let it."""

HIT = "window.hit=1"
ATTACKS = [
    f"<script>{HIT}</script>",
    f'<img src=x onerror="{HIT}">',
    f'<svg onload="{HIT}"><a xlink:href="javascript:{HIT}">x</a></svg>',
    f"<svg><script>{HIT}</script></svg>",
    f'<p onclick="{HIT}" onmouseover="{HIT}" style="position:fixed;inset:0">触る</p>',
    f'<a href="javascript:{HIT}">x</a>',
    f'<a href="java&#x0A;script:{HIT}">x</a>',
    f'<a href="data:text/html,<script>{HIT}</script>">x</a>',
    '<a href="//evil.example/">x</a>',
    '<a href="\\\\evil.example">x</a>',
    '<a href="https:evil.example">x</a>',
    '<style>*{background:url("//evil.example/")}</style>',
    '<img srcset="//evil.example/a 1x" alt="">',
    f'<noscript><p title="</noscript><img src=x onerror={HIT}>">',
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={HIT}>",
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src onerror={HIT}">',
    f'<svg></p><style><a id="</style><img src=1 onerror={HIT}>">',
    f"<!--><img src=x onerror={HIT}>-->",
    f'<iframe srcdoc="<script>parent.{HIT}</script>"></iframe>',
    f"<details open ontoggle={HIT}>x</details>",
    f"<video><source onerror={HIT}></video>",
    f'"><script>{HIT}</script>',
    f"'-{HIT}-'",
    f"{{{{{HIT}}}}}",
    f"</textarea><script>{HIT}</script>",
    f"</title><script>{HIT}</script>",
    '<base href="//evil.example">',
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "<p>\u202etxt.exe\u202c\u2066\u200b</p>",
]
HEAVY = {
    "attributes": "<p " + " ".join(f"a{number}" for number in range(100_000)) + ">",
    "attributes within the size": "<p " + " ".join(f"{number:x}" for number in range(33_000)) + ">",
    "nested": "<div>" * 20_000,
    "nested behind closing tags": "</i>" * 20_000 + "<div>" * 20_000,
    "nested between wrong ends": "<div></i>" * 18_000,
    "nested past values": '<div a="</div>">' * 10_000,
    "nested past comments": "<div><!--</div>-->" * 10_000,
    "nested past other ends": "<div><table><td></div>" * 8_000,
    "opened again": "".join(f"<p><b a={number}></p>" for number in range(9_000)),
    "opened again past comments": "".join(
        f"<p><b a={number}><!--</b>--></p>" for number in range(6_000)
    ),
    "opened again in every paragraph": "<blockquote>"
    + "".join(f"<strong a={number}>" for number in range(90))
    + "</blockquote>"
    + "<p>x</p>" * 20_000,
    "text": "あ" * 80_000,
    "ampersands": "&" * 190_000,
    "open brackets": "<" * 190_000,
    "unclosed tags": "<a " * 60_000,
    "unclosed values": '<a b="' * 30_000,
}
