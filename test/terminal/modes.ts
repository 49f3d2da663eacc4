import type { Terminal as Emulator } from '@xterm/headless';

/** Keeps an eye on what programs switch on in a terminal; what is returned says what they have not switched off again. */
export function watchModes(emulator: Emulator): () => string[] {
  let cursor = true;
  const watch = (final: string, shows: boolean) =>
    emulator.parser.registerCsiHandler({ prefix: '?', final }, (params) => {
      if (params.includes(25)) cursor = shows;
      return false;
    });
  watch('l', false);
  watch('h', true);
  return () => {
    const { modes, buffer } = emulator;
    const cell = buffer.active.getLine(buffer.active.baseY + buffer.active.cursorY)?.getCell(0);
    return [
      ...(cursor ? [] : ['no cursor']),
      ...(modes.bracketedPasteMode ? ['pastes in brackets'] : []),
      ...(modes.mouseTrackingMode === 'none' ? [] : ['the mouse']),
      ...(modes.applicationCursorKeysMode ? ['other cursor keys'] : []),
      ...(buffer.active.type === 'alternate' ? ['another screen'] : []),
      // The prompt is there already: it is printed in the colours that it finds.
      ...(cell?.isAttributeDefault() === false ? ['a colour'] : []),
    ];
  };
}
