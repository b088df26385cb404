'use strict';
// What the report says is data: it reaches the page as text and never as markup.

const VERDICTS = ['pass', 'informational', 'skipped', 'unimplemented', 'tolerated', 'inconclusive', 'fail'];
const MEANINGS = ['As it should be.', 'The RFC leaves it open.', 'It needs what is not here.',
  'It is optional and was not negotiated.', 'A recommendation is missed.', 'Nothing certain can be said.',
  'A requirement is broken.'];
const ROWS_SHOWN = 25;

const $ = (id) => document.getElementById(id);
const data = JSON.parse($('data').textContent);
const text = (index) => data.strings[index] ?? '';
const isMatrix = data.runs.length > 1;
const shown = { verdicts: new Set(), topic: '', text: '', only: '', all: false };

function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** A case as an object: its own words, and its result in each run. */
const cases = data.cases.map(([id, title, topic], index) => ({ index, id: text(id), title: text(title),
  topic: text(topic), results: data.results.map((run) => run[index] || null) }));
const byId = new Map(cases.map((item) => [item.id, item]));

/** The result of a case in a run, in words. */
function resultOf(item, run) {
  const [verdict, reason, wire, evidence, requirements, closeCode, duration, known, findings] = item.results[run];
  const octets = (data.octets[run][item.index] || '').split(',');
  const lines = [];
  for (let at = 0; at < wire.length; at += 2) {
    lines.push({ text: text(wire[at]), offset: wire[at + 1], hex: octets[at / 2] ?? '' });
  }
  const places = [];
  for (let at = 0; at < evidence.length; at += 3) {
    places.push({ isSent: evidence[at] === 0, from: evidence[at + 1], to: evidence[at + 1] + evidence[at + 2] });
  }
  return { verdict, reason: text(reason), lines, places, requirements, closeCode, duration,
    known: known.map(text), findings };
}

// ---- A conversation as two lanes

const isSent = (line) => line.text.startsWith('>');
const isNote = (line) => line.text.startsWith('< !!') || line.text.startsWith('> !!');

/** Lines of one head, or of one frame, are one arrow. */
function arrowsOf(lines) {
  const arrows = [];
  for (const line of lines) {
    const last = arrows.at(-1);
    const continues = last && line.offset < 0 && !isNote(line) && !isNote(last[0]) && /^[<>]/.test(line.text)
      && line.text[0] === last[0].text[0];
    if (continues) last.push(line); else arrows.push([line]);
  }
  return arrows;
}

/** The evidence within a line's octets, as ranges from its first octet. */
function hitsOf(line, places) {
  const length = Math.max(line.hex.length / 2, 1);
  return places.filter((place) => place.isSent === isSent(line) && line.offset >= 0
    && place.from < line.offset + length && Math.max(place.to, place.from + 1) > line.offset)
    .map((place) => [place.from - line.offset, place.to - line.offset]);
}

/** A head of HTTP is easier to read as text. */
const isHead = (line) => /^[<>] (HTTP\/|[A-Z]+ \S+ HTTP\/)/.test(line.text);

/** An octet of a head as a character. */
function characterOf(octet) {
  const code = parseInt(octet, 16);
  return code === 10 ? '\n' : code === 13 ? '' : code < 32 || code > 126 ? '·' : String.fromCharCode(code);
}

function hexOf(line, hits) {
  const code = make('code', { className: isHead(line) ? 'hex head' : 'hex' });
  const octets = line.hex.match(/../g) ?? [];
  const words = isHead(line) ? octets.map(characterOf) : octets;
  const gap = isHead(line) ? '' : ' ';
  const isHit = (at) => hits.some(([from, to]) => at >= from && at < to);
  for (let at = 0; at < octets.length;) {
    let end = at + 1;
    while (end < octets.length && isHit(end) === isHit(at)) end += 1;
    const piece = words.slice(at, end).join(gap);
    code.append(isHit(at) ? make('mark', {}, piece) : piece, gap);
    at = end;
  }
  return code;
}

function arrowOf(lines, places) {
  const [first] = lines;
  const kind = isNote(first) ? 'bad' : first.text.startsWith('>') ? 'out' : first.text.startsWith('<') ? 'in' : 'ev';
  const hits = hitsOf(first, places);
  const words = lines.map((line) => make('p', {}, line.text.replace(/^[<>=] (!! )?/, '')));
  const made = make('li', { className: kind + (hits.length > 0 && kind !== 'bad' ? ' hit' : '') }, ...words);
  if (first.hex && kind !== 'bad') {
    const count = first.hex.length / 2;
    made.append(make('details', { open: hits.length > 0 },
      make('summary', {}, `${plural(count, 'octet')} at ${first.offset}`), hexOf(first, hits)));
  }
  return made;
}

function conversation(result, name) {
  if (result.lines.length === 0) return [];
  return [make('div', { className: 'lanes' }, make('span', {}, 'wsconform'), make('span', {}, name)),
    make('ol', { className: 'seq' }, ...arrowsOf(result.lines).map((lines) => arrowOf(lines, result.places)))];
}

// ---- One case

let opened = null;

function open(item, run = 0, from = null) {
  if (!item.results[run]) return;
  opened = { item, run, from: from ?? opened?.from ?? document.activeElement };
  history.replaceState(null, '', `#${isMatrix ? `${run}:` : ''}${item.id}`);
  show();
  if (!$('case').open) $('case').showModal();
  $('case').scrollTop = 0;
}

function badge(verdict, more = '') {
  return make('span', { className: `badge v${verdict}` }, VERDICTS[verdict] + more);
}

function show() {
  const { item, run } = opened;
  const result = resultOf(item, run);
  const peer = text(data.runs[run].name);
  const parts = [make('h2', { id: 'case-title' }, item.title || item.id), make('code', { className: 'quiet' }, item.id)];
  if (isMatrix) parts.push(make('p', { className: 'quiet' }, peer));
  parts.push(make('p', { className: `told v${result.verdict}` }, result.reason || MEANINGS[result.verdict]));
  const section = (title, ...children) => {
    if (children.length > 0) parts.push(make('h3', {}, title), ...children);
  };
  const rules = result.requirements.map((index) => data.requirements[index]);
  section('What is required', ...(rules.length === 0 ? [] : [make('ul', {}, ...rules.map(([id, citation, sentence]) =>
    make('li', { className: 'rule' }, make('b', {}, text(citation)), ' ', text(sentence), ' ',
      make('code', { className: 'quiet' }, text(id)))))]));
  section('On the wire', ...conversation(result, peer));
  section('Found besides', ...(result.findings.length === 0 ? [] : [make('ul', {}, ...result.findings.map(
    ([verdict, reason]) => make('li', { className: 'rule' }, badge(verdict), ' ', text(reason))))]));
  section('Known elsewhere', ...result.known.map((line) => make('p', {}, line)));
  section('Run it again', command(item.id, run));
  const facts = [];
  if (result.closeCode >= 0) facts.push(`The peer closed with ${result.closeCode}.`);
  if (result.duration >= 0) facts.push(`The conversation took ${result.duration} ms.`);
  if (facts.length > 0) parts.push(make('p', { className: 'quiet rule' }, facts.join(' ')));
  $('case-body').replaceChildren(...parts);
  $('case-verdict').className = `badge v${result.verdict}`;
  $('case-verdict').textContent = VERDICTS[result.verdict];
  const around = visible(run);
  const at = around.indexOf(item);
  $('previous').disabled = at <= 0;
  $('next').disabled = at < 0 || at === around.length - 1;
}

/** The command that runs a case again, and a button that copies it. */
function command(id, run) {
  const word = /^[\w./:,@%+=-]+$/.test(id) ? id : `'${id.replaceAll("'", "'\\''")}'`;
  const [before, after] = data.runs[run].again.map(text);
  return make('div', { className: 'command' }, make('code', {}, before + word + after), copyButton());
}

function copyButton() {
  const button = make('button', { className: 'plain copy', type: 'button' }, 'Copy');
  button.onclick = async () => {
    const { textContent } = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling);
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  };
  return button;
}

function step(by) {
  const around = visible(opened.run);
  const next = around[around.indexOf(opened.item) + by];
  if (next) open(next, opened.run);
}

// ---- Cells

const elements = [...document.querySelectorAll(isMatrix ? '#matrix tr[data-i]' : '#matrix .cells a')];
elements.forEach((element, index) => { element.item = cases[isMatrix ? Number(element.dataset.i) : index]; });
const groups = [...document.querySelectorAll(isMatrix ? '#matrix tbody' : '#matrix .topic')];
/** What can be focused: squares of one run, or cells of many. */
const stops = () => isMatrix
  ? elements.filter((row) => !row.hidden).flatMap((row) => [...row.querySelectorAll('td[class]')])
  : elements.filter((cell) => !cell.hidden);

function placeOf(stop) {
  return isMatrix ? [stop.parentElement.item, stop.cellIndex - 1] : [stop.item, 0];
}

function nameOf(stop) {
  const [item, run] = placeOf(stop);
  const name = `${item.id}: ${VERDICTS[item.results[run][0]]}`;
  return isMatrix ? `${text(data.runs[run].name)}, ${name}` : name;
}

$('matrix').addEventListener('click', (event) => {
  const stop = event.target.closest(isMatrix ? 'td[class]' : '.cells a');
  if (!stop) return;
  event.preventDefault();
  hold(stop);
  open(...placeOf(stop), stop);
});
for (const kind of ['mouseover', 'focusin']) {
  $('matrix').addEventListener(kind, (event) => {
    const stop = event.target.closest(isMatrix ? 'td[class]' : '.cells a');
    if (!stop || stop.title) return;
    stop.title = nameOf(stop);
    stop.setAttribute('aria-label', stop.title);
  });
}

/** Makes one cell the matrix's stop for the tab key. */
function hold(stop) {
  for (const held of document.querySelectorAll('#matrix [tabindex="0"]')) held.tabIndex = -1;
  stop.tabIndex = 0;
}

$('matrix').addEventListener('keydown', (event) => {
  const from = event.target;
  if (event.key === 'Enter' || event.key === ' ') {
    if (!isMatrix) return;
    event.preventDefault();
    from.click();
    return;
  }
  if (!/^(Arrow|Home|End)/.test(event.key)) return;
  const all = stops();
  const at = all.indexOf(from);
  if (at < 0) return;
  const target = {
    ArrowLeft: () => all[at - 1], ArrowRight: () => all[at + 1], Home: () => all[0], End: () => all.at(-1),
    ArrowUp: () => nearest(all.slice(0, at).reverse(), from), ArrowDown: () => nearest(all.slice(at + 1), from),
  }[event.key]?.();
  if (!target) return;
  event.preventDefault();
  hold(target);
  target.focus();
});

/** Of the first row among `all` that is not that of `from`, the cell beside it. */
function nearest(all, from) {
  const box = from.getBoundingClientRect();
  let row = null;
  let best = null;
  for (const stop of all) {
    const { top, left } = stop.getBoundingClientRect();
    if (Math.abs(top - box.top) < 4) continue;
    if (row !== null && Math.abs(top - row) > 4) break;
    row = top;
    if (best === null || Math.abs(left - box.left) < best.distance) best = { stop, distance: Math.abs(left - box.left) };
  }
  return best?.stop;
}

// ---- Filters

const verdictsOf = (item) => item.results.filter(Boolean).map(([verdict]) => verdict);

function matches(item) {
  const verdicts = verdictsOf(item);
  if (shown.verdicts.size > 0 && !verdicts.some((verdict) => shown.verdicts.has(verdict))) return false;
  if (shown.topic && item.topic !== shown.topic) return false;
  if (shown.only === 'differ' && new Set(verdicts).size < 2) return false;
  const wanted = shown.text.toLowerCase();
  return !wanted || [item.id, item.title, ...item.results.map((result) => (result ? text(result[1]) : ''))]
    .some((part) => part.toLowerCase().includes(wanted));
}

const isFiltered = () => shown.verdicts.size > 0 || shown.topic !== '' || shown.text !== '' || shown.only !== '';
const visible = (run) => elements.filter((element) => !element.hidden && element.item.results[run])
  .map((element) => element.item);

function render() {
  for (const element of elements) element.hidden = !matches(element.item);
  for (const group of groups) {
    group.hidden = !group.querySelector(isMatrix ? 'tr[data-i]:not([hidden])' : '.cells a:not([hidden])');
  }
  for (const tile of document.querySelectorAll('button.tile')) {
    tile.setAttribute('aria-pressed', shown.verdicts.has(Number(tile.dataset.v)));
  }
  $('clear').hidden = !isFiltered();
  const count = elements.filter((element) => !element.hidden).length;
  $('count').textContent = isFiltered() ? `${count} of ${plural(cases.length, 'case')}` : '';
  const all = stops();
  if (all.length > 0 && !all.some((stop) => stop.tabIndex === 0 && stop.hasAttribute('tabindex'))) hold(all[0]);
  if (!isMatrix) renderList();
}

function renderList() {
  const found = cases.filter((item) => (isFiltered() ? matches(item) : item.results[0]?.[0] >= 4))
    .sort((a, b) => b.results[0][0] - a.results[0][0]);
  const rows = shown.all ? found : found.slice(0, ROWS_SHOWN);
  $('list-title').textContent = isFiltered() ? 'Cases that match' : 'Cases worth a look';
  $('list-count').textContent = found.length > 0 ? plural(found.length, 'case') : '';
  $('more').hidden = rows.length === found.length;
  $('more').textContent = `Show all ${found.length}`;
  $('empty').hidden = found.length > 0;
  $('list').replaceChildren(...rows.map((item) => {
    const [verdict, reason] = item.results[0];
    const row = make('button', { className: 'row', type: 'button' }, badge(verdict),
      make('span', { className: 'title' }, item.title, make('code', {}, item.id)),
      make('span', { className: 'why' }, text(reason)));
    row.onclick = () => open(item, 0, row);
    return make('li', {}, row);
  }));
}

function change() {
  shown.text = $('search').value.trim();
  shown.topic = $('topic').value;
  shown.only = $('only')?.value ?? '';
  shown.all = false;
  render();
}

// ---- The parts that stand in the page without a script

for (const tile of document.querySelectorAll('.tile')) {
  const button = make('button', { className: tile.className, type: 'button' }, ...tile.childNodes);
  button.dataset.v = tile.dataset.v;
  button.onclick = () => {
    const verdict = Number(tile.dataset.v);
    if (!shown.verdicts.delete(verdict)) shown.verdicts.add(verdict);
    change();
  };
  tile.replaceWith(button);
}
for (const part of document.querySelectorAll('[data-script]')) part.hidden = false;
for (const topic of new Set(cases.map((item) => item.topic))) {
  $('topic').append(make('option', { value: topic, textContent: topic }));
}
for (const line of document.querySelectorAll('.command')) line.append(copyButton());
for (const link of document.querySelectorAll('a[data-case]')) {
  link.addEventListener('click', (event) => {
    const item = byId.get(link.textContent);
    if (!item) return;
    event.preventDefault();
    open(item, Number(link.dataset.case), link);
  });
}
// What has no room in the page as text is drawn when it is looked at.
for (const place of document.querySelectorAll('[data-wire]')) {
  place.closest('details').addEventListener('toggle', () => {
    const item = byId.get(place.dataset.wire);
    if (!item?.results[0] || place.childNodes.length > 0) return;
    place.replaceChildren(...conversation(resultOf(item, 0), text(data.runs[0].name)));
  });
}

$('search').addEventListener('input', change);
$('topic').addEventListener('change', change);
$('only')?.addEventListener('change', change);
$('clear').addEventListener('click', () => {
  shown.verdicts.clear();
  $('search').value = '';
  $('topic').value = '';
  if ($('only')) $('only').value = '';
  change();
  $('search').focus();
});
$('more')?.addEventListener('click', () => { shown.all = true; renderList(); });
$('close').addEventListener('click', () => $('case').close());
$('previous').addEventListener('click', () => step(-1));
$('next').addEventListener('click', () => step(1));
$('case').addEventListener('click', (event) => { if (event.target === $('case')) $('case').close(); });
$('case').addEventListener('keydown', (event) => {
  if (event.key === 'ArrowLeft') step(-1);
  if (event.key === 'ArrowRight') step(1);
});
$('case').addEventListener('close', () => {
  const { from } = opened;
  opened = null;
  history.replaceState(null, '', location.pathname + location.search);
  if (from?.isConnected) from.focus();
});
document.addEventListener('keydown', (event) => {
  const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key !== '/' || isTyping || $('case').open || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  $('search').focus();
});
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('.causes details')) details.open = true;
});

/** Opens the case that the address names. */
function openLinked() {
  let name = '';
  try { name = decodeURIComponent(location.hash.slice(1)); } catch { return; }
  const [, run, id] = isMatrix ? name.match(/^(\d+):(.*)$/) ?? [] : [null, 0, name];
  const item = byId.get(id);
  if (item?.results[run]) open(item, Number(run));
}

render();
openLinked();
addEventListener('hashchange', openLinked);
