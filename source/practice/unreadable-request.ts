import type { Duplex } from 'node:stream';
import { serverName } from './door.ts';
import { toXml } from './xml.ts';

type ParseError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

/**
 * Answers a request that the HTTP parser could not read, and closes the connection. The answer is an error document of S3,
 * because the called service is unknown. Gives no answer when the client has gone.
 * unverified: unreadable-request.
 */
export function answerUnreadable(error: ParseError, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [code, text] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [
          'RequestHeaderSectionTooLarge',
          'Your request header and query-string parameters used to make the request exceed the maximum allowed size.',
        ]
      : ['BadRequest', 'An error occurred when parsing the HTTP request.'];
  const body = toXml({ Error: { Code: code, Message: text } });
  const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: application/xml\r\ncontent-length: ${Buffer.byteLength(body)}`;
  const isHead = error.rawPacket?.toString('latin1', 0, 5) === 'HEAD ';
  socket.end(`${head}\r\nserver: ${serverName}\r\nconnection: close\r\n\r\n${isHead ? '' : body}`);
}
