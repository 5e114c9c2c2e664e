// Draws a chart above the table of each figure, from the data that stands in the page.
// Without this script, and for whoever does not see the charts, the tables say the same.
"use strict";

(() => {
  const holders = [...document.querySelectorAll("[data-chart]")];
  if (!holders.length || typeof echarts === "undefined") return;

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const paper = matchMedia("print");
  const PAPER_WIDTH = 600;
  const NARROW = 480;
  const SIGNS = { good: "●", watch: "◆", bad: "■" };

  function palette() {
    const style = getComputedStyle(document.documentElement);
    const get = (name) => style.getPropertyValue(name).trim();
    const band = get("--chart-band").split(" ").join(",");
    return {
      ink: get("--ink"),
      soft: get("--soft"),
      line: get("--line"),
      panel: get("--panel"),
      band: (share) => `rgba(${band},${share})`,
      ground: { good: get("--good-ground"), watch: get("--warn-ground"), bad: get("--bad-ground") },
      text: { good: get("--good"), watch: get("--warn"), bad: get("--bad") },
      of: (role) => get(`--chart-${role}`),
    };
  }

  function written(value, unit) {
    if (value === null || value === undefined) return "–";
    const places = unit === "percent" || unit === "points" ? 2 : 0;
    const text = value.toLocaleString("en-US", {
      minimumFractionDigits: places,
      maximumFractionDigits: places,
    });
    return unit === "percent" ? `${text} %` : text;
  }

  // Rich text: HTML of the library has styles in it, which the policy of the pages refuses.
  function tooltip(look, more) {
    return {
      renderMode: "richText",
      confine: true,
      backgroundColor: look.panel,
      borderColor: look.line,
      textStyle: { color: look.ink, fontSize: 13 },
      ...more,
    };
  }

  function common(data, look) {
    const isCalm = still.matches || paper.matches;
    return {
      animation: !isCalm,
      animationDuration: 300,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      aria: { enabled: true, label: { description: data.summary } },
      grid: { left: 12, right: 16, top: data.series?.length > 1 ? 36 : 12, bottom: 10, containLabel: true },
      legend: {
        show: data.series?.length > 1,
        top: 0,
        left: 0,
        selectedMode: false,
        itemHeight: 10,
        itemWidth: 18,
        textStyle: { color: look.ink },
      },
    };
  }

  const words = (look, more) => ({ color: look.soft, fontSize: 12, ...more });

  function categories(labels, look, label) {
    return {
      type: "category",
      data: labels,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: look.line } },
      axisLabel: words(look, { hideOverlap: true, margin: 12, ...label }),
    };
  }

  function values(look, more) {
    return {
      type: "value",
      minInterval: 1,
      splitLine: { lineStyle: { color: look.line } },
      axisLabel: words(look, { hideOverlap: true }),
      ...more,
    };
  }

  const percents = (look) => ({ min: 0, max: 100, axisLabel: words(look, { formatter: "{value} %" }) });
  const isPercent = (data) => data.series.every((each) => each.unit === "percent");

  // What was before is hatched: it is told apart without colors too.
  function pattern(role) {
    if (role !== "before" && role !== "watch") return undefined;
    return {
      symbol: "rect",
      dashArrayX: [1, 0],
      dashArrayY: [2, 4],
      rotation: role === "before" ? -Math.PI / 4 : Math.PI / 4,
      color: "rgba(255,255,255,0.55)",
    };
  }

  function drawn(each, data, look) {
    // Little is drawn high enough to be seen; of nothing there is nothing to see.
    const looks = (value, state) => {
      if (each.shape !== "bar") return {};
      if (value === 0) return { itemStyle: { opacity: 0 } };
      return state ? { itemStyle: { color: look.of(state) } } : {};
    };
    const color = look.of(each.role);
    const shared = {
      name: each.name,
      data: each.values.map((value, place) => ({
        value,
        ...looks(value, each.states?.[place]),
      })),
      tooltip: { valueFormatter: (value) => written(value, each.unit) },
      emphasis: { disabled: true },
    };
    if (each.shape === "bar") {
      const itemStyle = { color, decal: pattern(each.role) };
      return { ...shared, type: "bar", itemStyle, barMaxWidth: 26, barMinHeight: 2, stack: data.stacked ? "all" : undefined };
    }
    const isDashed = each.shape === "dashes";
    return {
      ...shared,
      type: "line",
      itemStyle: { color },
      lineStyle: { color, width: 2.5, type: isDashed ? "dashed" : "solid" },
      symbol: isDashed ? "none" : "circle",
      symbolSize: 6,
    };
  }

  function trend(data, look) {
    return {
      ...common(data, look),
      tooltip: tooltip(look, { trigger: "axis", axisPointer: { type: "shadow" } }),
      xAxis: categories(data.labels, look),
      yAxis: values(look, isPercent(data) ? percents(look) : {}),
      series: data.series.map((each) => drawn(each, data, look)),
    };
  }

  function bars(data, look, width) {
    return {
      ...common(data, look),
      tooltip: tooltip(look, { trigger: "axis", axisPointer: { type: "shadow" } }),
      grid: { left: 20, right: 28, top: data.series.length > 1 ? 36 : 12, bottom: 10, containLabel: true },
      xAxis: values(look, isPercent(data) ? percents(look) : {}),
      yAxis: { ...categories(names(data, width), look, side(width)), inverse: true },
      series: data.series.map((each) => drawn(each, data, look)),
    };
  }

  const names = (data, width) => (width < NARROW ? data.labels : (data.titles ?? data.labels));

  function side(width) {
    return { hideOverlap: false, interval: 0, width: Math.min(250, width * 0.34), overflow: "truncate" };
  }

  function scale(data, look, width) {
    return {
      ...common(data, look),
      grid: { left: 20, right: 24, top: 8, bottom: 10, containLabel: true },
      tooltip: tooltip(look, {
        trigger: "item",
        formatter: ({ dataIndex }) => told(data, dataIndex),
      }),
      xAxis: values(look, percents(look)),
      yAxis: { ...categories(names(data, width), look, side(width)), inverse: true },
      series: [
        {
          type: "custom",
          data: data.values.map((value, place) => [value ?? 0, place]),
          encode: { x: 0, y: 1 },
          renderItem: (_, api) => mark(data, look, api),
        },
      ],
    };
  }

  function told(data, place) {
    const band = data.bands[place].find(([, low, high]) => data.values[place] >= low && data.values[place] <= high);
    const peers = data.peers[place];
    return [
      (data.titles ?? data.labels)[place],
      `Rate: ${written(data.values[place], "percent")}`,
      ...(band ? [`Decile: ${band[0]}`] : []),
      ...(peers ? [`Peers' middle half: ${written(peers[0], "percent")} to ${written(peers[2], "percent")}`] : []),
    ].join("\n");
  }

  function mark(data, look, api) {
    const place = api.value(1);
    const [, middle] = api.coord([0, place]);
    const height = Math.min(22, api.size([0, 1])[1] * 0.62);
    const x = (percent) => api.coord([percent, place])[0];
    const children = [rect(x(0), x(100), middle, height, look.band(0.05))];
    for (const [decile, low, high] of data.bands[place]) {
      children.push(rect(x(low), x(high), middle, height, look.band(0.06 + 0.045 * decile)));
    }
    if (data.peers[place]) children.push(...peersOf(data.peers[place], x, middle, height, look));
    if (data.values[place] !== null) children.push(own(data, place, x, middle, height, look));
    return { type: "group", children };
  }

  const rect = (from, to, middle, height, fill) => ({
    type: "rect",
    shape: { x: Math.min(from, to), y: middle - height / 2, width: Math.abs(to - from), height },
    style: { fill },
  });

  function line(x1, y1, x2, y2, stroke, lineWidth) {
    return { type: "line", shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth } };
  }

  function peersOf([low, median, high], x, middle, height, look) {
    const tick = height / 2 + 3;
    return [
      line(x(low), middle, x(high), middle, look.of("goal"), 3),
      line(x(median), middle - tick, x(median), middle + tick, look.of("goal"), 3),
    ];
  }

  function own(data, place, x, middle, height, look) {
    const role = data.states[place] ?? "own";
    return {
      type: "circle",
      shape: { cx: x(data.values[place]), cy: middle, r: Math.max(6, height / 2.6) },
      style: { fill: look.of(role), stroke: look.panel, lineWidth: 2 },
    };
  }

  function heat(data, look, width) {
    const cells = data.cells.flatMap((row, y) => row.map((_, x) => [x, y]));
    return {
      ...common(data, look),
      grid: { left: 20, right: 4, top: 28, bottom: 10, containLabel: true },
      tooltip: tooltip(look, {
        trigger: "item",
        formatter: ({ value: [x, y] }) =>
          `${data.labels[y]}, ${data.columns[x]}\n${data.cells[y][x][0]} ${data.cells[y][x][1] ?? ""}`,
      }),
      xAxis: { ...categories(data.columns, look), position: "top" },
      yAxis: { ...categories(data.labels, look, side(width)), inverse: true },
      series: [{ type: "custom", data: cells, renderItem: (_, api) => field(data, look, api) }],
    };
  }

  function field(data, look, api) {
    const place = [api.value(0), api.value(1)];
    const [text, state] = data.cells[place[1]][place[0]];
    const [width, height] = api.size([1, 1]);
    const [x, y] = api.coord(place);
    const sign = SIGNS[state] ?? "";
    const words = width < 44 ? sign : width < 70 ? text : `${sign} ${text}`;
    const shape = { x: x - width / 2 + 1, y: y - height / 2 + 1, width: width - 2, height: height - 2, r: 3 };
    const says = { text: words, fill: look.text[state] ?? look.soft, fontSize: 12 };
    return {
      type: "rect",
      shape,
      style: { fill: look.ground[state] ?? look.band(0.05), stroke: look.text[state] ?? look.line, lineWidth: 1 },
      textContent: { style: says },
      textConfig: { position: "inside" },
    };
  }

  const KINDS = { trend, bars, scale, heat };
  const ROW_HEIGHT = { bars: 34, scale: 34, heat: 30 };

  function height(data) {
    const rows = ROW_HEIGHT[data.kind];
    if (!rows) return "";
    const legend = data.series?.length > 1 ? 36 : 12;
    return `${Math.max(110, data.labels.length * rows + legend + 36)}px`;
  }

  function linkAt(data, event) {
    if (data.kind !== "heat") return data.links[event.dataIndex];
    const [x, y] = event.value;
    return data.cells[y][x][2];
  }

  const charts = holders.map((holder) => {
    const data = JSON.parse(holder.querySelector("script").textContent);
    holder.hidden = false;
    holder.style.height = height(data);
    const chart = echarts.init(holder, null, { renderer: "svg" });
    const draw = () => chart.setOption(KINDS[data.kind](data, palette(), chart.getWidth()), true);
    chart.on("click", (event) => {
      const link = linkAt(data, event);
      if (link) location.assign(link);
    });
    draw();
    return { chart, draw, holder };
  });

  function fit({ chart, draw, holder }) {
    const width = paper.matches ? PAPER_WIDTH : holder.clientWidth;
    if (!width) return;
    chart.resize({ width, height: holder.clientHeight || "auto" });
    draw();
  }

  const again = () => charts.forEach(fit);
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"]) {
    matchMedia(query).addEventListener("change", again);
  }
  paper.addEventListener("change", again);
  const observer = new ResizeObserver((seen) => {
    for (const each of charts) {
      const isSeen = seen.some((entry) => entry.target === each.holder);
      if (isSeen && each.chart.getWidth() !== each.holder.clientWidth) fit(each);
    }
  });
  for (const { holder } of charts) observer.observe(holder);
})();
