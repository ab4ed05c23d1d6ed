"use strict";

// A curve answers to pointer and arrow keys with the values at the epoch that they point at.
for (const chart of document.querySelectorAll(".chart")) {
  const epochs = chart.dataset.epochs.split(" ");
  const lines = [...chart.querySelectorAll("polyline")].map((line) => ({
    corners: line.getAttribute("points").split(" ").map((corner) => corner.split(",")),
    values: line.dataset.values.split(" "),
  }));
  const drawing = chart.querySelector("svg");
  const cursor = chart.querySelector(".cursor");
  const dots = chart.querySelectorAll("circle");
  const names = [...chart.querySelectorAll(".name")].map((name) => name.textContent);
  const said = chart.querySelectorAll(".value");
  const last = epochs.length - 1;
  let now = last;

  const show = (index) => {
    now = Math.max(0, Math.min(last, index));
    lines.forEach(({ corners, values }, line) => {
      const [x, y] = corners[now];
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
      dots[line].setAttribute("cx", x);
      dots[line].setAttribute("cy", y);
      said[line].textContent = values[now];
    });
    chart.querySelector(".epoch").textContent = epochs[now];
    chart.setAttribute("aria-valuenow", epochs[now]);
    const parts = names.map((name, line) => `${name} ${lines[line].values[now]}`);
    chart.setAttribute("aria-valuetext", `epoch ${epochs[now]}: ${parts.join(", ")}`);
  };
  const point = (event) => {
    const box = drawing.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * drawing.viewBox.baseVal.width;
    const gaps = lines[0].corners.map(([x]) => Math.abs(x - at));
    show(gaps.indexOf(Math.min(...gaps)));
  };
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -last, End: last };
  chart.addEventListener("pointermove", point);
  chart.addEventListener("pointerdown", point);
  chart.addEventListener("keydown", (event) => {
    if (event.key in steps) {
      event.preventDefault();
      show(now + steps[event.key]);
    }
  });
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
