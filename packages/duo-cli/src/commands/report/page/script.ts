/**
 * What the page does besides being read: it says the numbers of the day that is pointed at, or that has the keyboard, and saves them as
 * JSON. It takes them from the tables that are in the page anyway, and puts them there as text. Without it nothing is lost but that.
 */
export const script = `
(() => {
  'use strict';
  const find = (id) => document.getElementById(id);
  const line = find('line');
  const months = [...document.querySelectorAll('.month')];
  const rows = new Map();
  const rowOf = (log, day) => {
    if (!rows.has(log)) rows.set(log, new Map([...find(log).tBodies[0].rows].map((row) => [row.cells[0].textContent.trim(), row])));
    return rows.get(log).get(day);
  };
  const dayOf = (cell) => cell.closest('table').dataset.month + '-' + String(cell.cellIndex).padStart(2, '0');
  const told = (cell) => {
    const row = rowOf(cell.parentNode.dataset.log, dayOf(cell));
    if (!row) return 'nothing is known of this day';
    const heads = row.closest('table').tHead.rows[0].cells;
    return [...row.cells].slice(1).map((one, k) => {
      const text = one.textContent.trim();
      const isSaid = text !== '' && !(k > 4 && k < 9 && text === '0');
      return !isSaid ? '' : k === 0 ? text : heads[k + 1].textContent.trim().toLowerCase() + ' ' + text;
    }).filter(Boolean).join(' \\u00b7 ');
  };
  const say = (cell) => {
    const log = cell.parentNode.cells[0].textContent.trim();
    const head = document.createElement('b');
    head.textContent = log + ', ' + dayOf(cell) + ':';
    const text = told(cell);
    line.replaceChildren(head, ' ' + text);
    line.hidden = false;
    return log + ', ' + dayOf(cell) + ': ' + text;
  };
  const isDay = (cell) => cell && cell.tagName === 'TD';
  const go = (cell) => {
    if (!isDay(cell)) return;
    cell.closest('table').querySelectorAll('td[tabindex="0"]').forEach((one) => { one.tabIndex = -1; });
    cell.tabIndex = 0;
    cell.focus();
  };
  const steps = {
    ArrowRight: (cell) => cell.nextElementSibling || nextMonth(cell, 1, 1),
    ArrowLeft: (cell) => isDay(cell.previousElementSibling) ? cell.previousElementSibling : nextMonth(cell, -1, -1),
    ArrowDown: (cell) => below(cell, 1),
    ArrowUp: (cell) => below(cell, -1),
    Home: (cell) => cell.parentNode.cells[1],
    End: (cell) => cell.parentNode.cells[cell.parentNode.cells.length - 1],
  };
  const nextMonth = (cell, by, at) => {
    const table = months[months.indexOf(cell.closest('table')) + by];
    const row = table && [...table.tBodies[0].rows].find((one) => one.dataset.log === cell.parentNode.dataset.log);
    return row && [...row.cells].at(at);
  };
  const below = (cell, by) => {
    const all = cell.closest('tbody').rows;
    const row = all[cell.parentNode.sectionRowIndex + by];
    return row && row.cells[cell.cellIndex];
  };
  for (const table of months) {
    table.setAttribute('role', 'grid');
    table.setAttribute('aria-describedby', 'hint');
    const first = table.querySelector('td[class]') || table.querySelector('td');
    if (first) first.tabIndex = 0;
    table.addEventListener('mouseover', (event) => { if (isDay(event.target)) say(event.target); });
    table.addEventListener('mouseleave', () => { line.hidden = !isDay(document.activeElement); if (!line.hidden) say(document.activeElement); });
    table.addEventListener('click', (event) => go(event.target));
    table.addEventListener('focusin', (event) => { if (isDay(event.target)) event.target.setAttribute('aria-label', say(event.target)); });
    table.addEventListener('focusout', () => { line.hidden = true; });
    table.addEventListener('keydown', (event) => {
      const step = steps[event.key];
      if (!step || !isDay(event.target)) return;
      event.preventDefault();
      go(step(event.target));
    });
  }
  const save = find('save');
  save.hidden = false;
  save.addEventListener('click', () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([find('numbers').textContent], { type: 'application/json' }));
    link.download = document.title.replaceAll(/[^a-z0-9-]+/gi, '-').toLowerCase() + '.json';
    link.click();
    URL.revokeObjectURL(link.href);
  });
})();
`;
