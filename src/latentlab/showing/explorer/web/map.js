const TILE_STRIDE = 4;
const DASH = [5, 5];

/** The picture of a plane: decoded images behind, test images as points, the place, and the walk. */
class PlaneMap {
  /** `moved(place, settled)` is told of each place that is pointed at, and whether it stays. */
  constructor(canvas, moved) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.moved = moved;
    this.tiles = document.createElement("canvas");
    this.back = document.createElement("canvas");
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.listen();
  }

  /** Show a plane: `view` names all that is drawn behind the place, see main.js. */
  show(view) {
    const other = this.view?.plane !== view.plane;
    this.view = view;
    if (other) this.paintTiles();
    this.paintBack();
    this.draw();
  }

  place(place, walk) {
    Object.assign(this, { marked: place, walk });
    if (!this.pending) {
      this.pending = true;
      requestAnimationFrame(() => {
        this.pending = false;
        this.draw();
      });
    }
  }

  resize() {
    const size = Math.round(this.canvas.clientWidth * devicePixelRatio);
    if (!size || size === this.canvas.width) return;
    for (const canvas of [this.canvas, this.back]) canvas.width = canvas.height = size;
    if (this.view) {
      this.paintBack();
      this.draw();
    }
  }

  /** Pixels of the canvas for a place, with the second axis upwards. */
  toPixels(place) {
    const size = this.canvas.width;
    const [x, y] = this.view.plane.toGrid(place).map((value) => value / (this.view.plane.side - 1));
    return [x * size, (1 - y) * size];
  }

  toPlace(event) {
    const box = this.canvas.getBoundingClientRect();
    const last = this.view.plane.side - 1;
    const position = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
    return this.view.plane.clamp(this.view.plane.fromGrid(position.map((value) => value * last)));
  }

  /** Every fourth image of the grid, as ink of the page's colour, or in its own colours. */
  paintTiles() {
    const { plane, ink } = this.view;
    const { sheet, side } = plane;
    const count = Math.max(Math.floor((side - 1) / TILE_STRIDE), 1);
    this.tiles.width = count * sheet.width;
    this.tiles.height = count * sheet.height;
    const context = this.tiles.getContext("2d");
    // Of the grid, what is nearest to the middle of a tile.
    const nearest = (tile) => Math.round(((tile + 0.5) * (side - 1)) / count);
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        const image = sheet.image(nearest(row) * side + nearest(column));
        if (ink) asInk(image.data, ink);
        context.putImageData(image, column * sheet.width, (count - 1 - row) * sheet.height);
      }
    }
  }

  paintBack() {
    const context = this.back.getContext("2d");
    const size = this.back.width;
    context.clearRect(0, 0, size, size);
    if (this.view.showTiles) {
      context.globalAlpha = this.view.ink ? 0.34 : 0.5;
      context.imageSmoothingQuality = "high";
      context.drawImage(this.tiles, 0, 0, size, size);
      context.globalAlpha = 1;
    }
    this.paintAxes(context);
    if (this.view.plane.latentDim <= 2) this.paintPrior(context);
    this.paintPoints(context);
  }

  paintAxes(context) {
    const size = this.back.width;
    const [x, y] = this.toPixels([0, 0]);
    context.strokeStyle = this.view.faint;
    context.lineWidth = devicePixelRatio;
    stroke(context, [[x, 0], [x, size]]);
    stroke(context, [[0, y], [size, y]]);
  }

  /** Rings at 1, 2 and 3 standard deviations of N(0, I); of principal components they would be none. */
  paintPrior(context) {
    const [x, y] = this.toPixels([0, 0]);
    context.strokeStyle = context.fillStyle = this.view.soft;
    context.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    context.setLineDash(DASH.map((length) => length * devicePixelRatio));
    for (const sigmas of [1, 2, 3]) {
      const radius = this.toPixels([sigmas, 0])[0] - x;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
      context.fillText(`${sigmas}σ`, x + 4 * devicePixelRatio, y - radius - 4 * devicePixelRatio);
    }
    context.setLineDash([]);
  }

  paintPoints(context) {
    const { plane, classes, colours } = this.view;
    const radius = Math.min(Math.max(70 / Math.sqrt(plane.points.length), 2.2), 5) * devicePixelRatio;
    context.globalAlpha = 0.85;
    plane.points.forEach((point, index) => {
      const label = plane.labels[index];
      if (!classes.has(label)) return;
      const [x, y] = this.toPixels(point);
      context.fillStyle = colours[label];
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    });
    context.globalAlpha = 1;
  }

  draw() {
    const size = this.canvas.width;
    this.context.clearRect(0, 0, size, size);
    this.context.drawImage(this.back, 0, 0);
    if (this.walk) this.drawWalk(this.walk);
    if (this.marked) this.drawPlace(this.toPixels(this.marked));
  }

  drawPlace([x, y]) {
    const radius = 9 * devicePixelRatio;
    this.outlined(2, (context) => {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      for (const [right, down] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(x + right * radius, y + down * radius);
        context.lineTo(x + 1.8 * right * radius, y + 1.8 * down * radius);
      }
      context.stroke();
    });
  }

  drawWalk({ start, end, share }) {
    const [from, to, now] = [start, end, between(start, end, share)].map((place) => this.toPixels(place));
    this.outlined(1.5, (context) => stroke(context, [from, to]));
    this.context.fillStyle = this.view.text;
    this.context.beginPath();
    this.context.arc(...now, 5 * devicePixelRatio, 0, 2 * Math.PI);
    this.context.fill();
    this.drawLetter("A", from);
    this.drawLetter("B", to);
  }

  drawLetter(letter, [x, y]) {
    const context = this.context;
    context.fillStyle = this.view.text;
    context.beginPath();
    context.arc(x, y, 9 * devicePixelRatio, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = this.view.paper;
    context.font = `bold ${11 * devicePixelRatio}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(letter, x, y + 0.5 * devicePixelRatio);
  }

  /** Lines in the colour of text on a wider one of the paper's, so that they show on any point. */
  outlined(width, paintLines) {
    const lines = [[width + 3, this.view.paper], [width, this.view.text]];
    for (const [wide, colour] of lines) {
      this.context.lineWidth = wide * devicePixelRatio;
      this.context.strokeStyle = colour;
      paintLines(this.context);
    }
  }

  /** A mouse previews and a click settles; a finger settles as it moves; keys go from point to point. */
  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointermove", (event) => {
      if (!this.view) return;
      this.moved(this.toPlace(event), event.pointerType !== "mouse" || event.buttons === 1);
    });
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.view || event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.moved(this.toPlace(event), true);
    });
    canvas.addEventListener("pointerleave", () => this.view && this.moved(null, false));
  }
}

function stroke(context, [start, ...rest]) {
  context.beginPath();
  context.moveTo(...start);
  for (const point of rest) context.lineTo(...point);
  context.stroke();
}

/** Grey values as the opacity of one colour. */
function asInk(values, [red, green, blue]) {
  for (let i = 0; i < values.length; i += 4) {
    const value = values[i];
    values.set([red, green, blue, value], i);
  }
}
