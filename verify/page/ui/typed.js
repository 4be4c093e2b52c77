// SPDX-License-Identifier: Apache-2.0
// typed: text from the keyboard: typed, pasted, or from a scanner that works like a keyboard. What it means is not asked here.

const FAST_MS = 60;
const MIN_SCAN = 6;
const SWALLOWED = new Set(['Process', 'Dead', 'Unidentified']);
const KHMER_ZERO = 0x17e0;

/** A text with Khmer digits as ASCII digits: a Khmer keyboard layout types those (SPEC 3.2). */
export function asciiDigits(text) {
  return text.replace(/[\u17e0-\u17e9]/g, (digit) => String(digit.charCodeAt(0) - KHMER_ZERO));
}

const SYMBOLS = {
  Slash: ['/', '?'], Minus: ['-', '_'], Period: ['.', '>'], Comma: [',', '<'], Semicolon: [';', ':'], Equal: ['=', '+'],
  NumpadDivide: ['/', '/'], NumpadSubtract: ['-', '-'], NumpadDecimal: ['.', '.'], Space: [' ', ' '],
};
const SHIFTED_DIGITS = ')!@#$%^&*(';

/** What the key would type on the keyboard that scanners pretend to be, whatever layout is set; null of no such key. */
function keyOfScanner({ code, shiftKey }) {
  if (/^Key[A-Z]$/.test(code)) return shiftKey ? code[3] : code[3].toLowerCase();
  if (/^(?:Digit|Numpad)[0-9]$/.test(code)) {
    const digit = code.at(-1);
    return shiftKey && code.startsWith('Digit') ? SHIFTED_DIGITS[digit] : digit;
  }
  return Object.hasOwn(SYMBOLS, code) ? SYMBOLS[code][shiftKey ? 1 : 0] : null;
}

function isAscii(text) {
  return /^[\x20-\x7e]*$/.test(text);
}

/**
 * A recogniser of scanners: many characters, faster than fingers, then Enter.
 * @returns {function({key: string, code: string, shiftKey: boolean, timeStamp: number}): string|null} takes each key
 *   that goes down; gives the text with the Enter that ends one
 */
export function scanRecogniser() {
  let told = '';
  let meant = '';
  let last = -Infinity;
  return ({ key, code, shiftKey, timeStamp }) => {
    if (key === 'Shift' || key === 'AltGraph' || key === 'CapsLock') return null;
    if (timeStamp - last > FAST_MS) told = meant = '';
    last = timeStamp;
    if (key === 'Enter') {
      const text = isAscii(asciiDigits(told)) ? asciiDigits(told) : meant;
      told = meant = '';
      return [...text].length >= MIN_SCAN ? text : null;
    }
    // A key that an input method swallows has no character of its own: then only what was meant is known.
    if ([...key].length === 1) told += key;
    else if (SWALLOWED.has(key)) told += '\0';
    meant += keyOfScanner({ code, shiftKey }) ?? '';
    return null;
  };
}

/**
 * Listens for scanners everywhere and for the form.
 * @param {{form: HTMLFormElement, field: HTMLTextAreaElement, got: function(string)}} parts
 */
export function listenTyped({ form, field, got }) {
  const recognise = scanRecogniser();

  function submit() {
    const text = asciiDigits(field.value).trim();
    field.value = '';
    if (text !== '') got(text);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const scanned = recognise(event);
    if (scanned !== null) {
      // The Enter of a scanner presses no button.
      event.preventDefault();
      field.value = '';
      got(scanned);
    } else if (event.key === 'Enter' && event.target === field && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  }, true);
}
