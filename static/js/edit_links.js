// In the browser of an officer: links from a public page, and the sections that it shows, to their
// editing. Loaded by suggestions.js where the login has left its hint, for nobody else.
const SEARCH = "/admin/bureaus/page/editable/";
const WORDS = "を編集";

const main = document.querySelector("main");
const headings = [...document.querySelectorAll("main section > h2 > a[href]")];
const pathOf = (link) => new URL(link.href).pathname;

const show = async () => {
  const query = new URLSearchParams();
  for (const path of new Set([location.pathname, ...headings.map(pathOf)])) {
    query.append("path", path);
  }
  // Where the login has ended: to follow to its page would consume the notice of that.
  const answer = await fetch(`${SEARCH}?${query}`, {
    headers: { Accept: "application/json" },
    redirect: "error",
  });
  if (!answer.ok) return;
  const { links } = await answer.json();
  if (links[location.pathname]) main.prepend(linkTo(links[location.pathname], "このページ"));
  for (const heading of headings) {
    const address = links[pathOf(heading)];
    const name = `「${heading.textContent.trim()}」`;
    if (address) heading.closest("h2").after(linkTo(address, name));
  }
};

const linkTo = (address, name) => {
  const link = Object.assign(document.createElement("a"), { href: address });
  link.textContent = `${name}${WORDS}`;
  const line = document.createElement("p");
  line.dataset.editLink = "";
  line.append(link);
  return line;
};

if (main && window.self === window.top) show().catch(() => {});
