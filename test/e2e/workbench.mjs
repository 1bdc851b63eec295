// The workbench of VS Code as a person handles it: what is seen, where the mouse goes, which keys are pressed.
// Waits for conditions of the page, never for a time.

/** Resolves when the workbench is painted. */
export async function ready(page) {
  await page.waitForSelector('.monaco-workbench .part.statusbar .statusbar-item');
}

/** Opens a file from the explorer. */
export async function openFile(page, name) {
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();
  await page.waitForSelector(`.tab.active[data-resource-name="${name}"]`);
}

/** Waits for a squiggle that runs under exactly the letters of `text`: half a letter more or less is another range. */
export async function squiggleUnder(page, text) {
  await page.waitForFunction(
    ({ find, text: wanted }) => {
      const place = new Function(`return ${find}`)()(wanted);
      const squiggles = document.querySelectorAll('.editor-instance [class*="squiggly-"]');
      return [...squiggles].some((squiggle) => {
        const { left, right, bottom } = squiggle.getBoundingClientRect();
        const letter = (place.right - place.left) / wanted.length;
        const near = (a, b) => Math.abs(a - b) < letter / 2;
        return near(left, place.left) && near(right, place.right) && Math.abs(bottom - place.bottom) < 8;
      });
    },
    { find: String(placeOf), text },
  );
}

/** Puts the mouse on `text` and waits for a hover that says `words`. */
export async function hoverOver(page, text, words) {
  const hover = page.locator('.monaco-hover:not(.hidden)', { hasText: words }).first();
  // A hover is lost when the editor lays itself out again in that moment, so the mouse comes back as a person's would.
  for (let attempt = 1; ; attempt += 1) {
    await page.mouse.move(640, 700);
    const { x, y } = await middleOf(page, text);
    await page.mouse.move(x, y, { steps: 4 });
    try {
      return await hover.waitFor({ timeout: attempt < 4 ? 5000 : 20_000 });
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
}

/** Puts the cursor into `text`, opens the quick fixes from the keyboard and waits for one whose title fits `title`. */
export async function offerQuickFix(page, text, title) {
  const offer = page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
  return offered(page, offer, 'Control+.', () => middleOf(page, text));
}

/** Puts the cursor behind `text`, asks what fits there and waits for an entry that says `words`. */
export async function offerWord(page, text, words) {
  const offer = page.locator('.suggest-widget.visible .monaco-list-row', { hasText: words }).first();
  return offered(page, offer, 'Control+Space', async () => {
    const { right, y } = await middleOf(page, text);
    return { x: right, y };
  });
}

/** Clicks at `place`, presses `keys` and waits for `offer`. */
async function offered(page, offer, keys, place) {
  // Asked for in the moment in which an answer is under way, a menu opens without it; a person asks again.
  for (let attempt = 1; ; attempt += 1) {
    const { x, y } = await place();
    await page.mouse.click(x, y);
    await page.keyboard.press(keys);
    try {
      await offer.waitFor({ timeout: attempt < 4 ? 5000 : 20_000 });
      return offer;
    } catch (error) {
      if (attempt === 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Runs a command by its title, from the palette. */
export async function runCommand(page, title) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill(`>${title}`);
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: title }).first().click();
}

/** Waits for a notification that says `words`. */
export async function notification(page, words) {
  const toast = page.locator('.notification-toast', { hasText: words }).first();
  await toast.waitFor();
  return toast;
}

/** Presses a button of a notification or of the dialog in front. */
export async function press(within, name) {
  await within.locator('.monaco-button', { hasText: name }).first().click();
}

/** The dialog that has to be answered. */
export async function dialog(page, words) {
  const box = page.locator('.monaco-dialog-box', { hasText: words }).first();
  await box.waitFor();
  return box;
}

/** Saves the file in front and waits until VS Code shows it as saved. */
export async function save(page) {
  await page.waitForSelector('.tab.active.dirty');
  await page.keyboard.press('Control+S');
  await page.waitForSelector('.tab.active:not(.dirty)');
}

/** Waits until `text` stands nowhere in the visible lines. */
export async function whenGone(page, text) {
  await page.waitForFunction(({ find, text: gone }) => !new Function(`return ${find}`)()(gone), {
    find: String(placeOf),
    text,
  });
}

async function middleOf(page, text) {
  const place = await page.waitForFunction(({ find, text: wanted }) => new Function(`return ${find}`)()(wanted), {
    find: String(placeOf),
    text,
  });
  const { left, right, top, bottom } = await place.jsonValue();
  return { x: (left + right) / 2, y: (top + bottom) / 2, right };
}

/**
 * Runs in the page: the rectangle of `text` in the editor, or undefined. A line is one element per token, in a language
 * without a grammar one for all, and its spaces are no-break spaces: so only a DOM range finds the letters.
 */
function placeOf(text) {
  for (const line of document.querySelectorAll('.editor-instance .view-line')) {
    const from = line.textContent.replaceAll('\u00a0', ' ').indexOf(text);
    if (from < 0) continue;
    const range = document.createRange();
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let before = 0;
    for (let node = walker.nextNode(); node; before += node.length, node = walker.nextNode()) {
      const within = (offset) => offset >= before && offset <= before + node.length;
      // The start goes to the last node that it fits, the end to the first.
      if (within(from)) range.setStart(node, from - before);
      if (!within(from + text.length)) continue;
      range.setEnd(node, from + text.length - before);
      break;
    }
    const { left, right, top, bottom } = range.getBoundingClientRect();
    return { left, right, top, bottom };
  }
  return undefined;
}
