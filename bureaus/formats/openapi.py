"""The description of the JSON as OpenAPI 3.1; docs/json.md says the same to people."""

from typing import Any

from django.conf import settings

from bureaus.models import Kind, Phase

Schema = dict[str, Any]
# OpenAPI has no parameter for a path of any depth.
DEPTHS = {
    "/{name}.json": ("name",),
    "/{parent}/{name}.json": ("parent", "name"),
    "/{grandparent}/{parent}/{name}.json": ("grandparent", "parent", "name"),
}
SLUG = "^[a-z0-9][a-z0-9_-]{0,79}$"

TEXT: Schema = {"type": "string"}
DAY: Schema = {"type": ["string", "null"], "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(name: str) -> Schema:
    return {"type": "array", "items": ref(name)}


def or_null(schema: Schema) -> Schema:
    return {"oneOf": [schema, {"type": "null"}]}


def record(**properties: Schema) -> Schema:
    """Return an object that has all of `properties`; later versions may add others."""
    return {"type": "object", "properties": properties, "required": list(properties)}


ADDRESS = {"url": {**TEXT, "format": "uri"}, "json": {**TEXT, "format": "uri"}}
BODY = {"html": TEXT, "text": TEXT}
LIST = {
    **ADDRESS,
    "at": or_null(MOMENT),
    "title": TEXT,
    "total": NUMBER,
    "page": {**NUMBER, "minimum": 1},
    "page_count": {**NUMBER, "minimum": 1},
    "previous": or_null(ref("Address")),
    "next": or_null(ref("Address")),
    "parents": list_of("PageLink"),
}
SCHEMAS: dict[str, Schema] = {
    "Address": record(**ADDRESS),
    "PageLink": record(title=TEXT, english=TEXT, **ADDRESS),
    "Figure": record(url=TEXT, width=NUMBER, height=NUMBER, alt=TEXT, caption=TEXT),
    "Link": record(text=TEXT, url=TEXT, note=TEXT),
    "Contact": record(name=TEXT, phone=TEXT, fax=TEXT, email=TEXT),
    "Event": record(
        status={"type": "string", "enum": [phase.value for phase in Phase]},
        label=TEXT,
        start=TEXT,
        end=TEXT,
        is_whole_days=FLAG,
        place=TEXT,
    ),
    "NewsEntry": record(
        title=TEXT, **ADDRESS, issued_on=DAY, category=TEXT, event=or_null(ref("Event"))
    ),
    "Section": record(
        title=TEXT, **ADDRESS, lead=TEXT, **BODY, figures=list_of("Figure"), links=list_of("Link")
    ),
    "Page": record(
        **ADDRESS,
        at=or_null(MOMENT),
        kind={"type": "string", "enum": [kind.value for kind in Kind]},
        category=TEXT,
        title=TEXT,
        english=TEXT,
        is_archived=FLAG,
        note=TEXT,
        issued_on=DAY,
        event=or_null(ref("Event")),
        published=MOMENT,
        updated=MOMENT,
        in_force_from=MOMENT,
        organisation=or_null(ref("PageLink")),
        lead=TEXT,
        **BODY,
        sections=list_of("Section"),
        figures=list_of("Figure"),
        links=list_of("Link"),
        contacts=list_of("Contact"),
        parents=list_of("PageLink"),
        children=list_of("PageLink"),
        previous=or_null(ref("PageLink")),
        next=or_null(ref("PageLink")),
        news=list_of("NewsEntry"),
        news_list=ref("Address"),
    ),
    "NewsList": record(**LIST, news=list_of("NewsEntry")),
    "EventList": record(**LIST, events=list_of("NewsEntry")),
    "Error": {
        "type": "object",
        "properties": {"error": TEXT, "note": TEXT},
        "required": ["error"],
    },
}


def query(name: str, description: str, **schema: Any) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": TEXT | schema}


AT = query(
    "at",
    "過去の日か時刻。2013-08-01（その日の終わり）、2013-08-01T10:00（日本時間）",
    pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?)?$",
)
PAGE = query("page", "何ページ目か", pattern="^([1-9][0-9]{0,5})?$")
NEWS_FILTERS = [PAGE, query("year", "発表の年", pattern="^([0-9]{4})?$"), query("category", "区分")]
EVENT_FILTERS = [PAGE, query("status", "状態"), query("category", "区分")]
REFUSALS = {
    "400": "読み取れない指定",
    "404": "ページがない",
    "410": "掲載を終了した",
    "503": "混み合っている",
}
REDIRECTS = {"301": "ページが移転した", "302": "日時を同じ意味の書き方に直した"}


def path_parameter(name: str) -> Schema:
    schema = TEXT | {"pattern": SLUG}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def operation(summary: str, schema: str, parameters: list[Schema]) -> Schema:
    responses: Schema = {"200": answer(summary, schema)}
    responses |= {status: answer(text, "Error") for status, text in REFUSALS.items()}
    responses |= {status: {"description": text} for status, text in REDIRECTS.items()}
    return {"get": {"summary": summary, "parameters": [*parameters, AT], "responses": responses}}


def answer(description: str, schema: str) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": ref(schema)}}}


def openapi_document(origin: str) -> Schema:
    pages = {
        path: operation("ページ", "Page", list(map(path_parameter, names)))
        for path, names in DEPTHS.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.PUBLISHER.name or 'サイト'}の公開データ",
            "version": "1",
            "description": "公開しているページと一覧を、JSONで読めます。登録も鍵も要りません。"
            "項目は増えることがあります。知らない項目は、読み飛ばしてください。",
        },
        "servers": [{"url": origin}],
        "paths": {
            "/index.json": operation("トップページ", "Page", []),
            "/news.json": operation("新着情報", "NewsList", NEWS_FILTERS),
            "/events.json": operation("意見募集・公募・会議", "EventList", EVENT_FILTERS),
            **pages,
        },
        "components": {"schemas": SCHEMAS},
    }
