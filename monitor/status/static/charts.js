// Draws <figure class="chart" data-chart="bars|stacked|line"> from the table that stands in it, with Chart.js.
//
// The table is the truth and stays within reach: it is folded below the picture, which assistive technology does not see.
// First column: labels; every further one: a series. What a chart may show of a cell stands in its data-value; a cell
// without one is a hole, never a nought. Attributes:
//   figure  data-fold   the words that unfold the table        data-axis="y"  bars that lie (bars, stacked)
//   th      class s-…   the series has the colour of a state   data-short     a shorter name for the legend
//   tr      data-mark   a marked label, a due day              data-label     a shorter label
//           data-border a border between this row and the one before, with these words
//           data-break  the same, and no line is drawn across it
//   td      data-break  the same for one series                data-unsure    a number that is not certain: hollow
// Colours are read from the CSS, patterns, shapes and dashes tell the series apart without them. Nothing moves.
"use strict";

(() => {
  const SHAPES = ["circle", "rect", "triangle", "rectRot", "crossRot", "star"];
  const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [5, 5], [1, 4]];
  const PATTERNS = [null, "/", "-", "x", "|", "\\"];
  const SERIES = 6; // colours in charts.css; later series take them again, with the next shape
  const LANGUAGE = document.documentElement.lang;
  const exact = new Intl.NumberFormat(LANGUAGE);
  const rough = new Intl.NumberFormat(LANGUAGE, { notation: "compact" });

  function read(figure) {
    const table = figure.querySelector("table");
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
    return {
      labels: rows.map((row) => row.dataset.label ?? row.cells[0].textContent.trim()),
      marks: rows.map((row) => row.dataset.mark ?? ""),
      borders: rows.map((row) => row.dataset.break ?? row.dataset.border ?? null),
      series: heads.map((head, place) => {
        const cells = rows.map((row) => row.cells[place + 1]);
        return {
          head,
          name: head.dataset.short ?? head.textContent.trim(),
          values: cells.map((cell) => (cell?.dataset.value ? Number(cell.dataset.value) : null)),
          unsure: cells.map((cell) => cell !== undefined && "unsure" in cell.dataset),
          broken: cells.map((cell, row) => (cell !== undefined && "break" in cell.dataset) || "break" in rows[row].dataset),
        };
      }),
    };
  }

  function colours(element) {
    const style = getComputedStyle(element);
    const of = (name) => style.getPropertyValue(name).trim();
    return { of, ink: of("--ink"), soft: of("--soft"), line: of("--line"), sheet: of("--sheet"), marked: of("--due_soon") };
  }

  function colourOf(series, place, figure) {
    const own = getComputedStyle(series.head).getPropertyValue("--state").trim();
    return own || colours(figure).of(`--series-${(place % SERIES) + 1}`);
  }

  // A hatched ground, so that the bars of different series differ also without colour.
  function hatched(kind, colour, ground) {
    if (kind === null) return colour;
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = ground;
    pen.lineWidth = 1.4;
    const lines = { "/": [[0, 8, 8, 0], [-2, 2, 2, -2], [6, 10, 10, 6]], "\\": [[0, 0, 8, 8], [-2, 6, 2, 10], [6, -2, 10, 2]], "-": [[0, 4, 8, 4]], "|": [[4, 0, 4, 8]], x: [[0, 0, 8, 8], [0, 8, 8, 0]] };
    pen.beginPath();
    for (const [left, top, right, bottom] of lines[kind]) {
      pen.moveTo(left, top);
      pen.lineTo(right, bottom);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }

  function lineOf(series, place, colour, sheet) {
    return {
      borderColor: colour,
      backgroundColor: colour,
      borderDash: DASHES[place % DASHES.length],
      borderWidth: 2,
      pointStyle: SHAPES[place % SHAPES.length],
      pointRadius: 4.5,
      pointHoverRadius: 6,
      pointBorderWidth: 2,
      pointBackgroundColor: series.unsure.map((unsure) => (unsure ? sheet : colour)),
      spanGaps: false,
      segment: { borderColor: (context) => (series.broken[context.p1DataIndex] ? "transparent" : undefined) },
    };
  }

  function barOf(series, place, colour, sheet) {
    const filled = hatched(PATTERNS[place % PATTERNS.length], colour, sheet);
    return {
      backgroundColor: series.unsure.map((unsure) => (unsure ? sheet : filled)),
      borderColor: colour,
      borderWidth: 1,
      maxBarThickness: 44,
    };
  }

  // Marked labels and breaks between forms: dashed lines across the picture, with their words where there is room.
  function lines(data, lying, tint) {
    return {
      id: "lines",
      afterDatasetsDraw(chart) {
        const { ctx: pen, chartArea: area, scales } = chart;
        const scale = lying ? scales.y : scales.x;
        const step = data.labels.length > 1 ? scale.getPixelForValue(1) - scale.getPixelForValue(0) : 0;
        let free = area.left; // words do not cover each other
        pen.save();
        pen.font = `11px ${getComputedStyle(chart.canvas).fontFamily}`;
        pen.textBaseline = "top";
        const draw = (place, colour, words) => {
          const at = Math.round(place) + 0.5; // in the middle of a pixel, else it is blurred over two
          pen.strokeStyle = pen.fillStyle = colour;
          pen.setLineDash([4, 4]);
          pen.beginPath();
          pen.moveTo(lying ? area.left : at, lying ? at : area.top);
          pen.lineTo(lying ? area.right : at, lying ? at : area.bottom);
          pen.stroke();
          const width = pen.measureText(words).width;
          const left = Math.min(at + 4, area.right - width);
          if (!lying && words && left >= free && left > at - width) {
            pen.fillText(words, left, area.top + 2);
            free = left + width + 6;
          }
        };
        data.labels.forEach((_, row) => {
          if (row > 0 && data.borders[row] !== null) draw(scale.getPixelForValue(row) - step / 2, tint.soft, data.borders[row]);
          if (data.marks[row]) draw(scale.getPixelForValue(row), tint.marked, data.marks[row]);
        });
        pen.restore();
      },
    };
  }

  function options(kind, data, lying, tint) {
    const stacked = kind === "stacked";
    const values = data.series.flatMap((series) => series.values).map((value) => value ?? 0);
    const whole = values.every(Number.isInteger);
    const labels = { grid: { display: false }, ticks: { color: tint.soft, autoSkip: !lying }, border: { color: tint.line }, stacked };
    const numbers = {
      beginAtZero: true,
      grace: kind === "line" ? "12%" : "5%",
      suggestedMax: values.every((value) => value === 0) ? 1 : undefined,
      grid: { color: tint.line },
      border: { display: false },
      ticks: { color: tint.soft, precision: whole ? 0 : undefined, maxTicksLimit: 6, callback: (value) => (Math.abs(value) >= 1e5 ? rough : exact).format(value) },
      stacked,
    };
    return {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: lying ? "y" : "x",
      interaction: { mode: "index", intersect: false, axis: lying ? "y" : "x" },
      layout: { padding: { top: data.borders.some(Boolean) || data.marks.some(Boolean) ? 4 : 0 } },
      scales: lying ? { x: numbers, y: labels } : { x: labels, y: numbers },
      plugins: {
        legend: { display: data.series.length > 1, position: "bottom", align: "start", labels: { color: tint.ink, usePointStyle: kind === "line", boxHeight: kind === "line" ? 7 : 10, boxWidth: 22, padding: 12 } },
        tooltip: {
          backgroundColor: tint.ink,
          titleColor: tint.sheet,
          bodyColor: tint.sheet,
          footerColor: tint.sheet,
          usePointStyle: kind === "line",
          multiKeyBackground: "transparent",
          callbacks: {
            label: (item) => `${item.dataset.label}  ${exact.format(item.raw)}${data.series[item.datasetIndex].unsure[item.dataIndex] ? " ?" : ""}`,
            footer: (items) => [...new Set([data.marks[items[0].dataIndex], data.borders[items[0].dataIndex]])].filter(Boolean),
          },
        },
      },
    };
  }

  function liesDown(figure) {
    return figure.dataset.chart !== "line" && figure.dataset.axis === "y";
  }

  function draw(figure, canvas) {
    const kind = figure.dataset.chart;
    const data = read(figure);
    const lying = liesDown(figure);
    const tint = colours(figure);
    return new Chart(canvas, {
      type: kind === "line" ? "line" : "bar",
      data: {
        labels: data.labels,
        datasets: data.series.map((series, place) => {
          const colour = colourOf(series, place, figure);
          const look = kind === "line" ? lineOf(series, place, colour, tint.sheet) : barOf(series, place, colour, tint.sheet);
          return { label: series.name, data: series.values, ...look };
        }),
      },
      options: options(kind, data, lying, tint),
      plugins: [lines(data, lying, tint)],
    });
  }

  // The picture above, the table folded away below it.
  function prepare(figure) {
    const frame = document.createElement("div");
    frame.className = "chart-canvas";
    frame.setAttribute("aria-hidden", "true");
    const canvas = document.createElement("canvas");
    frame.append(canvas);
    if (liesDown(figure)) frame.style.height = `${4 + figure.querySelectorAll("tbody tr").length * 1.7}rem`;
    const fold = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = figure.dataset.fold;
    const shown = figure.querySelector(".scroll") ?? figure.querySelector("table");
    shown.before(frame, fold);
    fold.append(summary, shown);
    return canvas;
  }

  // A picture is drawn when it comes near: a page with many of them is there at once.
  const pictures = new Map();
  for (const figure of document.querySelectorAll("figure.chart[data-chart]")) {
    pictures.set(figure, { canvas: prepare(figure), chart: null });
  }

  function show(figure) {
    const picture = pictures.get(figure);
    near.unobserve(figure);
    picture.chart ??= draw(figure, picture.canvas);
  }

  const near = new IntersectionObserver(
    (found) => found.filter((one) => one.isIntersecting).forEach((one) => show(one.target)),
    { rootMargin: "50% 0px" },
  );
  for (const figure of pictures.keys()) near.observe(figure);

  // Light and dark have other colours.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const [figure, picture] of pictures) {
      if (picture.chart === null) continue;
      picture.chart.destroy();
      picture.chart = draw(figure, picture.canvas);
    }
  });

  // On paper nothing comes near and nothing unfolds.
  const unfolded = [];
  addEventListener("beforeprint", () => {
    for (const figure of pictures.keys()) show(figure);
    for (const fold of document.querySelectorAll("figure.chart details:not([open])")) {
      fold.open = true;
      unfolded.push(fold);
    }
  });
  addEventListener("afterprint", () => {
    for (const fold of unfolded.splice(0)) fold.open = false;
  });
})();
