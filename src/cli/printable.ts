const CONTROLS = /\p{Cc}/gu;

/** Text from data as a terminal can show it: control characters become visible, so that they cannot command it. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (control) =>
    control === '\n' ? '⏎' : `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
