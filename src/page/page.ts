import { escapeHtml } from './escape.js';
import { PAGE_STYLE } from './style.js';

export interface PageOptions {
  /** Plain text. */
  readonly title: string;
  /** HTML; whatever comes from data has been escaped. */
  readonly body: string;
  /** CSS that comes after the page's own. */
  readonly style?: string;
  /** JavaScript that runs when the body is there. */
  readonly script?: string;
}

/** Nothing from outside: the browser itself refuses every request. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** One self-contained HTML page, readable in light and dark. It makes no requests. */
export function htmlPage({ title, body, style = '', script }: PageOptions): string {
  const scriptElement =
    script === undefined ? '' : `<script>\n${script.replace(/<(?=\/script|!--)/gi, '\\x3c')}\n</script>\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}${style}</style>
</head>
<body>
${body}
${scriptElement}</body>
</html>
`;
}
