import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { serve } from '../loopback-server.ts';

type Headers = Readonly<Record<string, string>>;

/** What fits where all that it names fits, as regular expressions; it answers in the place of practice AWS, or never. */
type Rule = {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  /** Headers that the request has. */
  readonly when?: Headers;
  /** Headers of which it has none. */
  readonly unless?: Headers;
  readonly status?: number;
  readonly headers?: Headers;
  readonly answer?: string;
  readonly silent?: boolean;
};

/** A text that is another one in what practice AWS answers to such requests. */
type Swap = { readonly body?: string; readonly from: string; readonly to: string };

type Rules = { readonly rules?: readonly Rule[]; readonly swap?: readonly Swap[] };

type Asked = {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
};

function fits({ method, path, body, when = {}, unless = {} }: Rule, asked: Asked): boolean {
  const has = ([name, pattern]: readonly [string, string]) => new RegExp(pattern).test(`${asked.headers[name] ?? ''}`);
  return (
    (method === undefined || method === asked.method) &&
    new RegExp(path ?? '').test(asked.path) &&
    new RegExp(body ?? '').test(asked.body) &&
    Object.entries(when).every(has) &&
    !Object.entries(unless).some(has)
  );
}

const withoutLength = ({ 'content-length': _, 'transfer-encoding': __, ...others }: IncomingHttpHeaders) => others;

/**
 * Stands before practice AWS, for what practice AWS cannot express by itself, and answers as `fronts/NAME.json` says. Ends
 * with the test. Gives its address, and what it was asked so far.
 */
export async function frontOf(t: TestContext, name: string, behind: string) {
  const rules = readFileSync(new URL(`fronts/${name}.json`, import.meta.url), 'utf8');
  const { rules: answers = [], swap = [] } = JSON.parse(rules) as Rules;
  const asked: Asked[] = [];
  const ruleFor = (request: Asked) => {
    asked.push(request);
    return answers.find((rule) => fits(rule, request));
  };
  const server = createServer(async (incoming, outgoing) => {
    const bytes = await buffer(incoming);
    const { method = '', url: path = '', headers } = incoming;
    const body = bytes.toString('latin1');
    const rule = ruleFor({ method, path, body, headers });
    if (rule?.silent === true) return;
    if (rule !== undefined) return void outgoing.writeHead(rule.status ?? 500, rule.headers).end(rule.answer);
    const onward = send(new URL(path, behind), { method, headers }, async (answer) => {
      const text = (await buffer(answer)).toString('latin1');
      const changed = swap
        .filter((each) => new RegExp(each.body ?? '').test(body))
        .reduce((said, { from, to }) => said.replaceAll(from, to), text);
      // The length in an answer to HEAD is that of the object.
      const kept = method === 'HEAD' ? answer.headers : withoutLength(answer.headers);
      outgoing.writeHead(answer.statusCode ?? 500, kept).end(Buffer.from(changed, 'latin1'));
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(bytes);
  });
  server.on('connect', ({ url: path = '' }, socket) => {
    const rule = ruleFor({ method: 'CONNECT', path, body: '', headers: {} });
    if (rule?.silent !== true) socket.end(`HTTP/1.1 ${rule?.status ?? 502} No\r\ncontent-length: 0\r\n\r\n`);
  });
  return { endpoint: (await serve(t, server)).endpoint, asked };
}
