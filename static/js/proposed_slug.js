// Fills in the end of the address while the title is typed, until the officer writes one.

import { debounced, isJson, request } from "./shared.js";

const PAUSE = 400; // milliseconds after the last key
const form = document.querySelector("form[data-proposed-slug]");
if (form) start();

function start() {
  const { title, slug, under } = form.elements;
  // On a form that is shown again after a refusal, the slug that was sent is the officer's own.
  let isOwn = "ownSlug" in form.dataset;
  let latest = 0;
  const proposeSoon = debounced(propose, PAUSE);

  title.addEventListener("input", proposeSoon);
  slug.addEventListener("input", ({ isTrusted }) => {
    if (isTrusted) isOwn = slug.value !== "";
  });
  for (const field of [under, ...form.querySelectorAll("[name=kind]")]) {
    field?.addEventListener("change", propose);
  }

  async function propose() {
    latest += 1;
    const own = latest;
    const kind = new FormData(form).get("kind") ?? "";
    const place = under?.value ?? form.dataset.under;
    const query = new URLSearchParams({ under: place, kind, title: title.value });
    const answer = await request(`${form.dataset.proposedSlug}?${query}`).catch(() => null);
    if (own !== latest || !answer?.ok || !isJson(answer)) return;
    const { slug: proposed, parent } = await answer.json();
    const shown = document.querySelector("[data-address-of] [data-parent]");
    if (shown) shown.textContent = parent;
    if (isOwn) return;
    slug.value = proposed;
    slug.dispatchEvent(new Event("input"));
  }
}
