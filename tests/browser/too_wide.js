// What is wider than the window, if the page is; and the charts that are wider than their boxes.
() => {
  const root = document.documentElement;
  const told = (element, width) =>
    `${element.tagName}.${element.getAttribute("class") ?? ""} ${Math.round(width)}`;
  const charts = [...document.querySelectorAll("[data-chart] svg")]
    .filter((chart) => chart.clientWidth > chart.closest("[data-chart]").clientWidth)
    .map((chart) => told(chart, chart.clientWidth));
  if (root.scrollWidth <= root.clientWidth) return charts;
  const beyond = [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > root.clientWidth)
    .map((each) => told(each, each.getBoundingClientRect().right));
  return [`the page ${root.scrollWidth}`, ...beyond.slice(0, 12), ...charts];
}
