const SECONDS_PER_WALK = 4;
const STRIP = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((step) => step / 8);

/** A slider, a button that moves it, and the images on the way; `image(share)` gives the one at a share. */
class Walk {
  constructor(root, image, moved = () => {}) {
    this.slider = root.querySelector("input[type=range]");
    this.button = root.querySelector(".play");
    this.picture = root.querySelector(".current");
    this.strip = STRIP.map(() => document.createElement("canvas"));
    root.querySelector(".strip").replaceChildren(...this.strip);
    Object.assign(this, { image, moved });
    this.slider.addEventListener("input", () => {
      this.stop();
      this.show();
    });
    this.button.addEventListener("click", () => (this.playing ? this.stop() : this.play()));
  }

  get share() {
    return this.slider.value / this.slider.max;
  }

  /** Draw all anew: the ends have changed. */
  restart() {
    STRIP.forEach((share, index) => paint(this.strip[index], this.image(share)));
    this.show();
  }

  show() {
    const { share } = this;
    paint(this.picture, this.image(share));
    const percent = `${Math.round(100 * share)} %`;
    this.slider.setAttribute("aria-valuetext", `${percent} of the way from A to B`);
    this.slider.style.setProperty("--share", percent.replace(" ", ""));
    const nearest = Math.round(share * (STRIP.length - 1));
    this.strip.forEach((canvas, index) => canvas.classList.toggle("here", index === nearest));
    this.moved(share);
  }

  play() {
    if (this.share === 1) this.slider.value = 0;
    this.setPlaying(true);
    const start = performance.now() - this.share * SECONDS_PER_WALK * 1000;
    const go = (now) => {
      if (!this.playing) return;
      const share = Math.min(Math.max((now - start) / (SECONDS_PER_WALK * 1000), 0), 1);
      this.slider.value = share * this.slider.max;
      this.show();
      if (share === 1) this.setPlaying(false);
      else requestAnimationFrame(go);
    };
    requestAnimationFrame(go);
  }

  stop() {
    this.setPlaying(false);
  }

  setPlaying(playing) {
    this.playing = playing;
    this.button.textContent = playing ? "Pause" : "Play";
  }
}
