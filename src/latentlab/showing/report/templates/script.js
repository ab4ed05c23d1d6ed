"use strict";

// A curve tells its values at one of its epochs: in its drawing, beside it, and to those who cannot see it.
const teller = (chart) => {
  const epochs = chart.dataset.epochs.split(" ");
  const lines = [...chart.querySelectorAll("polyline")].map((line) => ({
    corners: line.getAttribute("points").split(" ").map((corner) => corner.split(",")),
    values: line.dataset.values.split(" "),
  }));
  const cursor = chart.querySelector(".cursor");
  const dots = chart.querySelectorAll("circle");
  const names = [...chart.querySelectorAll(".name")].map((name) => name.textContent);
  const said = chart.querySelectorAll(".value");
  return (index) => {
    lines.forEach(({ corners, values }, line) => {
      const [x, y] = corners[index];
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
      dots[line].setAttribute("cx", x);
      dots[line].setAttribute("cy", y);
      said[line].textContent = values[index];
    });
    chart.querySelector(".epoch").textContent = epochs[index];
    chart.setAttribute("aria-valuenow", epochs[index]);
    const parts = names.map((name, line) => `${name} ${lines[line].values[index]}`);
    chart.setAttribute("aria-valuetext", `epoch ${epochs[index]}: ${parts.join(", ")}`);
  };
};

// Which epoch a pointer is nearest to.
const pointedAt = (chart, event) => {
  const drawing = chart.querySelector("svg");
  const box = drawing.getBoundingClientRect();
  const at = ((event.clientX - box.left) / box.width) * drawing.viewBox.baseVal.width;
  const corners = chart.querySelector("polyline").getAttribute("points").split(" ");
  const gaps = corners.map((corner) => Math.abs(Number(corner.split(",")[0]) - at));
  return gaps.indexOf(Math.min(...gaps));
};

// Curves of one training are at the same epoch, wherever pointer or arrow keys say so.
for (const group of document.querySelectorAll(".charts")) {
  const charts = [...group.querySelectorAll(".chart")];
  const tellers = charts.map(teller);
  const last = charts[0].dataset.epochs.split(" ").length - 1;
  let now = last;
  const show = (index) => {
    now = Math.max(0, Math.min(last, index));
    tellers.forEach((tell) => tell(now));
  };
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -last, End: last };
  for (const chart of charts) {
    chart.addEventListener("pointermove", (event) => show(pointedAt(chart, event)));
    chart.addEventListener("pointerdown", (event) => show(pointedAt(chart, event)));
    chart.addEventListener("keydown", (event) => {
      if (event.key in steps) {
        event.preventDefault();
        show(now + steps[event.key]);
      }
    });
  }
}

// Of grids that lie one below the other, the slider shows one.
for (const stepper of document.querySelectorAll(".stepper")) {
  const slider = stepper.querySelector("input");
  const grids = stepper.querySelectorAll("li");
  stepper.classList.add("stepping");
  slider.value = grids.length - 1;
  slider.addEventListener("input", () => {
    grids.forEach((grid, index) => grid.classList.toggle("now", index === slider.valueAsNumber));
    slider.setAttribute("aria-valuetext", grids[slider.valueAsNumber].dataset.name);
  });
}

// Paper has nothing to click on.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) {
    folded.open = true;
    addEventListener("afterprint", () => { folded.open = false; }, { once: true });
  }
});
