// The focal point, chosen on the picture by a click, a tap or the arrow keys, and written into the
// two numbers of the form. The mark is drawn by attributes of the SVG: the policy allows no styles.

const frame = document.querySelector("[data-focus]");
const area = frame?.querySelector("[data-area]");
const CARD = { width: 1200, height: 630 }; // as in bureaus/social_image.py
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function prepare() {
  const form = area.closest("form");
  const across = form.elements.focal_x;
  const down = form.elements.focal_y;
  const status = form.querySelector("[data-focus-status]");
  const width = Number(frame.dataset.width);
  const height = Number(frame.dataset.height);
  form.querySelector("[data-keys]").hidden = false;
  area.hidden = false;
  draw();

  area.addEventListener("click", (event) => {
    if (!event.detail) return; // by Enter: it has no position
    const box = area.getBoundingClientRect();
    choose(
      ((event.clientX - box.left) / box.width) * 100,
      ((event.clientY - box.top) / box.height) * 100,
    );
  });
  area.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    choose(number(across) + step[0] * far, number(down) + step[1] * far);
  });
  for (const input of [across, down]) input.addEventListener("input", draw);

  function choose(x, y) {
    across.value = Math.round(bounded(x, 0, 100));
    down.value = Math.round(bounded(y, 0, 100));
    draw();
    status.textContent = words();
  }

  function words() {
    return `左から${number(across)}%、上から${number(down)}%`;
  }

  function draw() {
    const x = Math.floor((width * number(across)) / 100);
    const y = Math.floor((height * number(down)) / 100);
    const arm = Math.max(4, Math.round(0.04 * Math.max(width, height)));
    const [flat, upright] = [
      { x1: x - arm, x2: x + arm, y1: y, y2: y },
      { x1: x, x2: x, y1: y - arm, y2: y + arm },
    ];
    frame.querySelectorAll("[data-point] line").forEach((line, place) => {
      set(line, place % 2 ? upright : flat);
    });
    const box = frame.querySelector("[data-box]");
    if (box) set(box, cut(x, y));
    form.querySelector("[data-words]").textContent = words();
    area.setAttribute("aria-label", `中心の位置を選ぶ：${words()}`);
  }

  function cut(x, y) {
    const wide = Math.min(width, Math.floor((height * CARD.width) / CARD.height));
    const high = Math.min(height, Math.floor((width * CARD.height) / CARD.width));
    return {
      x: bounded(x - Math.floor(wide / 2), 0, width - wide),
      y: bounded(y - Math.floor(high / 2), 0, height - high),
      width: wide,
      height: high,
    };
  }
}

const number = (input) => bounded(Number(input.value) || 0, 0, 100);
const bounded = (value, least, most) => Math.min(Math.max(value, least), most);

function set(element, values) {
  for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
}

if (area) prepare();
