// The controls of a page that have no name for somebody who does not see them.
() =>
  [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=region]")]
    .filter((each) => each.checkVisibility())
    .filter((each) => {
      const labelledBy = each.getAttribute("aria-labelledby");
      const names = [
        each.textContent,
        each.getAttribute("aria-label"),
        labelledBy && document.getElementById(labelledBy)?.textContent,
        ...[...(each.labels ?? [])].map((label) => label.textContent),
      ];
      const ownText = ["SELECT", "TEXTAREA"].includes(each.tagName) ? names.slice(1) : names;
      return !ownText.some((name) => name && name.trim());
    })
    .map((each) => each.outerHTML.slice(0, 120))
