const ANNOUNCE_AFTER_MS = 350;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const SHIFT_STEPS = 5;
const LEAST_CONTRAST = 3;
const NUM_FIRST = 20;

const find = (selector) => document.querySelector(selector);
const findAll = (selector) => [...document.querySelectorAll(selector)];

const neighbours = findAll("#neighbours canvas");
const content = JSON.parse(find("#content").textContent);
const labelled = content.colours.length > 1;
const state = { classes: new Set(content.colours.keys()), place: null, shown: null, ends: [], plane: null };
const tests = await Sheet.read(content.tests, content.shape);
const planes = new Map();
for (const { sheet, ...model } of content.models) {
  planes.set(model.name, new Plane(model, await Sheet.read(sheet, content.shape), content.labels));
}

const map = new PlaneMap(find("#map"), (place, settled) => {
  if (settled) state.place = place;
  showPlace(place ?? state.place);
});

/* The plane. */

function choosePlane(name) {
  state.plane = planes.get(name);
  findAll(".try [data-for]").forEach((hint) => (hint.hidden = hint.dataset.for !== name));
  nameAxes();
  find("#draw").hidden = state.plane.latentDim > 2;
  state.place = state.plane.middle();
  showMap();
  showPlace(state.place);
  imageWalk.restart();
}

/** z itself up to two dimensions, else principal components; a single dimension has no second. */
function nameAxes() {
  const { latentDim, ranges } = state.plane;
  const names = latentDim > 2 ? ["component 1 of z", "component 2 of z"] : ["z₁", latentDim === 2 ? "z₂" : "no z₂"];
  ["#x-axis", "#y-axis"].forEach((axis, index) => {
    const [low, high] = ranges[index].map((value) => asText(value, 1));
    find(axis).textContent = `${names[index]}: ${low} to ${high}`;
  });
}

function showMap() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const paper = colour("--map");
  const colours = content.colours.map((value) => readable(value, paper));
  colours.forEach((value, label) => document.documentElement.style.setProperty(`--class-${label}`, value));
  map.show({
    plane: state.plane,
    classes: state.classes,
    colours,
    paper,
    text: colour("--text"),
    soft: colour("--soft"),
    faint: colour("--line"),
    ink: content.shape[2] === 1 ? channels(colour("--text")) : null,
    showTiles: find("#tiles").checked,
  });
}

function showPlace(place) {
  const { plane } = state;
  state.shown = place;
  const picture = find("#decoded");
  paint(picture, plane.image(place));
  [picture.dataset.x, picture.dataset.y] = place;
  const [x, y] = place.map((value) => asText(value, 2));
  find("#place").textContent = `(${x}, ${y})`;
  map.place(place, currentWalk());
  showNeighbours(plane.nearest(place, state.classes, neighbours.length));
  announce(`${x}, ${y}. ${find("#verdict").textContent}`);
}

/** The test images around the place, and whether the decoder has ever been asked for anything near. */
function showNeighbours(near) {
  const [nearest] = near;
  neighbours.forEach((canvas, rank) => {
    canvas.hidden = rank >= near.length;
    if (canvas.hidden) return;
    paint(canvas, tests.image(near[rank]));
    canvas.style.borderColor = `var(--class-${content.labels[near[rank]]})`;
  });
  const verdict = find("#verdict");
  if (nearest === undefined) {
    verdict.textContent = "No class is shown.";
    delete verdict.dataset.inside;
    return;
  }
  const away = distance(state.shown, state.plane.points[nearest]);
  const inside = away <= state.plane.reach;
  verdict.dataset.inside = inside;
  const where = inside ? "Among the test images" : "Outside of the test images";
  const itsClass = labelled ? `, of class ${content.labels[nearest]},` : "";
  verdict.textContent = `${where}: the nearest${itsClass} is ${away.toFixed(2)} away.`;
}

/** A draw from N(0, I), the prior. */
function drawPlace() {
  const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
  const angle = 2 * Math.PI * Math.random();
  settle(state.plane.clamp([radius * Math.cos(angle), radius * Math.sin(angle)]));
}

function settle(place) {
  state.place = place;
  showPlace(place);
}

let announcing;
function announce(text) {
  clearTimeout(announcing);
  announcing = setTimeout(() => (find("#announcement").textContent = text), ANNOUNCE_AFTER_MS);
}

/* The walk between two test images. */

const imageWalk = new Walk(
  find("#image-walk"),
  (share) => state.plane.image(between(...endPoints(), share)),
  () => map.place(state.shown, currentWalk()),
);

function endPoints() {
  return state.ends.map((index) => state.plane.points[index]);
}

function currentWalk() {
  const [start, end] = endPoints();
  return { start, end, share: imageWalk.share };
}

function setEnds(ends) {
  state.ends = ends;
  ends.forEach((index, end) => {
    const figure = findAll("#image-walk .end")[end];
    paint(figure.querySelector("canvas"), tests.image(index));
    const label = content.labels[index];
    figure.querySelector(".class").textContent = labelled ? `class ${label}` : "";
    figure.querySelector("canvas").style.borderColor = `var(--class-${label})`;
  });
  imageWalk.stop();
  imageWalk.slider.value = 0;
  if (state.plane) imageWalk.restart();
}

/** Make the test image nearest to the place an end of the walk. */
function setEnd(end) {
  const [nearest] = state.plane.nearest(state.place, state.classes, 1);
  if (nearest === undefined) return;
  setEnds(state.ends.with(end, nearest));
  announce(`${"AB"[end]} is a test image${labelled ? ` of class ${content.labels[nearest]}` : ""}.`);
}

/** Of the first test images, the two that lie farthest apart. */
function farApart({ points }) {
  const first = [...points.slice(0, NUM_FIRST).keys()];
  const pairs = first.flatMap((start) => first.map((end) => [distance(points[start], points[end]), start, end]));
  const [, start, end] = pairs.reduce((most, pair) => (pair[0] > most[0] ? pair : most));
  return [start, end];
}

/** Two test images of different classes, where there are, of those that are shown. */
function randomEnds() {
  const shown = [...content.labels.keys()].filter((index) => state.classes.has(content.labels[index]));
  if (!shown.length) return;
  const pick = (indices) => indices[Math.floor(Math.random() * indices.length)];
  const start = pick(shown);
  const others = shown.filter((index) => content.labels[index] !== content.labels[start]);
  setEnds([start, pick(others.length ? others : shown)]);
}

/* The walks between samples. */

for (const { name, sheet, steps } of content.walks) {
  new SampleWalk(find(`#walk-${name}`), await Sheet.read(sheet, content.shape), steps);
}

/* Colours. */

function channels(colour) {
  return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
}

function luminance(colour) {
  const linear = channels(colour).map((value) => (value / 255) ** 2.2);
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** A colour, lightened where a dark paper would swallow it. */
function readable(colour, paper) {
  const dark = luminance(paper);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = channels(colour).map((value) => Math.round(value + share * (255 - value)));
    const text = `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
    if (dark > 0.5 || (luminance(text) + 0.05) / (dark + 0.05) >= LEAST_CONTRAST) return text;
  }
  return colour;
}

function asText(value, decimals) {
  return value.toFixed(decimals).replace("-", "−");
}

/* What listens. */

find("#map").addEventListener("keydown", (event) => {
  const letter = "ab".indexOf(event.key.toLowerCase());
  const direction = KEYS[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey || (!direction && letter < 0)) return;
  event.preventDefault();
  if (!direction) return setEnd(letter);
  const size = event.shiftKey ? SHIFT_STEPS : 1;
  settle(state.plane.step(state.place, size * direction[0], size * direction[1]));
});

function chooseClasses(labels) {
  state.classes = new Set(labels);
  findAll("#classes input").forEach((input) => (input.checked = state.classes.has(Number(input.value))));
  showMap();
  showPlace(state.place);
}

findAll("input[name=model]").forEach((input) => input.addEventListener("change", () => choosePlane(input.value)));
findAll("#classes input").forEach((input) =>
  input.addEventListener("change", () =>
    chooseClasses(findAll("#classes input:checked").map((checked) => Number(checked.value))),
  ),
);
find("#all").addEventListener("click", () => chooseClasses(content.colours.keys()));
find("#none").addEventListener("click", () => chooseClasses([]));
find("#tiles").addEventListener("change", showMap);
find("#draw").addEventListener("click", drawPlace);
findAll("[data-end]").forEach((button) => button.addEventListener("click", () => setEnd(Number(button.dataset.end))));
find("#another").addEventListener("click", randomEnds);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  map.view = null;
  showMap();
});

setEnds(farApart(planes.get(content.models[0].name)));
choosePlane(content.models[0].name);
document.body.dataset.ready = "yes";
