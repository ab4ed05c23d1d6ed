/** The walk between any two of some samples, of which every pair was decoded ahead of time. */
class SampleWalk {
  /** `images` has the steps of each pair one after the other, pairs of a lower and a higher number in order. */
  constructor(root, images, steps) {
    Object.assign(this, { root, images, steps, chosen: [0, 1] });
    this.count = (1 + Math.sqrt(1 + (8 * images.count) / steps)) / 2;
    this.walk = new Walk(root, (share) => images.image(this.index(...this.chosen, Math.round(share * (steps - 1)))));
    root.querySelectorAll("fieldset").forEach((fieldset, end) => {
      for (let sample = 0; sample < this.count; sample++) {
        fieldset.querySelector(".choices").append(this.choice(sample, end));
      }
    });
    this.walk.slider.max = steps - 1;
    this.walk.restart();
  }

  /** Where the image of a step lies: pairs are stored once, the lower number first. */
  index(start, end, step) {
    if (start === end) return start === 0 ? 0 : this.index(0, start, this.steps - 1);
    if (start > end) return this.index(end, start, this.steps - 1 - step);
    const pair = (start * (2 * this.count - start - 1)) / 2 + end - start - 1;
    return pair * this.steps + step;
  }

  choice(sample, end) {
    const choice = document.querySelector("#sample-choice").content.cloneNode(true);
    const input = choice.querySelector("input");
    input.name = `${this.root.id}-${end}`;
    input.checked = sample === this.chosen[end];
    input.setAttribute("aria-label", `Sample ${sample + 1}`);
    input.addEventListener("change", () => {
      this.chosen[end] = sample;
      this.walk.stop();
      this.walk.slider.value = 0;
      this.walk.restart();
    });
    paint(choice.querySelector("canvas"), this.images.image(this.index(sample, sample, 0)));
    return choice;
  }
}
