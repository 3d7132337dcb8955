import { createHash } from 'node:crypto';
import type { WrappingAlgorithm, WrappingKeySpec } from './wrapping-algorithms.ts';

/**
 * Known answers for {@link proveWrapping}: {@link knownMaterial}, wrapped under the test keys by `openssl pkeyutl -encrypt`
 * (OpenSSL 3.0, OAEP and MGF1 hash both named). With them, Keyferry compares itself with another program that implements
 * RFC 8017.
 */
const knownBlobs: Readonly<Record<WrappingAlgorithm, Readonly<Record<WrappingKeySpec, readonly string[]>>>> = {
  RSAES_OAEP_SHA_256: {
    RSA_2048: [
      'hUU6Ei+C3Ip19H3PrUcGL8o1WRqAEBKTk4ePwTKAY2sQTM2mNWPebScDKe/4kPoDKQODCfRMtzYrI+JsrOpAW6gcYUgri8dO1DGr',
      'DJw77w/BzppFeuV28X338+oSTqs9MXuHFEV99Iy9M+9XcCL6qyqicWmhq30NyYphH4LZmH+lfgr1msb3IVk3hotg70AWdmbRUe4e',
      'Px2erCFysU3rF8146cSxg905TIUsWIeRbxMyjISk4cwpFgafPJm70VB5kmgpZnEK/k54/E6P04g54/C3wJ6my60k1nyDeMEoQ/U/',
      'EsMmp91mbwYVszHz7abNGObbCp4EabruENwEP88WjA==',
    ],
    RSA_3072: [
      'iOjsTbrAzfwqsoJ/Z5CGnnNJdF51QvigN3eRZDz5tDTrK8eAI54eoaCym9/tx4iw2NpOnT1cVuSQRjuCJTH7F7wnhN/PP8OiGr2Y',
      'KEI4h5ZjitANexay4R8UAYn/KrM/waoAggvoOiTvPwRv3poAF22PI+3+G0pgFS0W3NVf4CK1hx9+uHlVscvc7zSWIO1/6Ql7rAI/',
      'J15yny9F9Wm2MLJwwaGDfCelQxbhTPLu4x/RXwJClcmfhXWvFmA4CYKdz4mGfzqPxBvne+uJn/uVXzsUL9Wh8DdcuZej4KfFUj38',
      'pcin07blzBs9p3InRrZhircHf1fokuPbMsEkB3gbtGMCSa8hfwtt2OjpUVhmfobfbEEy9yjIrTHPc4isqYXRadqpEWMTFmINUVLH',
      'cv5Vx5XWmblYQc+OqxRaG6C5/cNsKZsyrGNF3qDTFF+CjOxux49qF9IVyE7k2Fq+7jteAr2AJLLI0/dgONEUACBXBWTas/xW8nL4',
      'jxWlnWMOGLwZ',
    ],
    RSA_4096: [
      'a5B7tDti9N/+c7BuYZ78f9sDGo1lk4D6fDtIC7d63m3Xg+Ac1DvfEAeuM7kGu1vAb4CeSIw0RlP6JIx4gGzuGYjq8P5errMD681O',
      'vrX3RBwIrettyqlrq7mNODVqLNjXTcFLdS+AOM2dEmxvQNr9XUwWVBGsBEIO9tzMNmfdcDq1Y/gpxDuIh86a3TwpABttsAftusKf',
      'Hzt1O1jH9YR1oo9x5hHNlZ2Ogzl6jCOZt5WLI5z498Egus7w1nkoindxK1dWmgzC0a0V2VBe6hZG7KApE/e9UgTnqgQXdufAu3CS',
      'spCatlj7F8YrDoWINtbQ7TbsqIszZZOdtXg4MEDmjy4wIjgTKugt8dhc0889w8mGJmRoyusN9XOXpuUxIGGbWQaPIb/t8EzZWf9M',
      'B8Ym1i8SKOe3+THojTWAEsfLWdKGCOoeIwBLUVhehW1EcLlpBw1ot7mR0HHGQUPthtDwlUbIhxTaZkQdAx2kegfKVkNa3m7mNAS1',
      '9gexqK9oXG4E1pr0jeyv4/p1ty+m8oSHrMZOLuj3g6xlqfhxAYl5uxPTmIAg96Us8oSsBqkhutcOnsedbaVSXhI56EYpSqQptatn',
      '3Kli+mEEzBypQdZnmYjGKprXEEHt9htWJJLz1IjDd4iX5zJPL6DHGJt23gyaJcPopTn034nXfIOoMOoDmq8=',
    ],
  },
  RSAES_OAEP_SHA_1: {
    RSA_2048: [
      'CwrvojGNbLRfQp98s3mgdugJtMY3gaww9jifD8WOC0QUgr906auAM9hj2F+QYPZE7eWGwqW6Gi1MrzgDeSswccXgR4rO70C9WYK6',
      'YWzJB5rGJJ8AcszX+jwmI7XJeaq2Cn3tDUO5nRnbBxI/XKGH7b3QYZSlUKp9CX5aJOjZqMLhBFHkwZ2tf94Os3bLplHZbTGGN/vr',
      '6Q31rXcVYL204PpjBBF5ei+K/2QGJGr4kD09/iR/9T9Oey6mjVnfVZOJvId2HyzZANYQRYjOrNIGb/AKvpoe1v+GjRKs8zyfXUgz',
      '4EHMg0BjQW/+VZ3xwSfntdyetFfOL1NNwkjyxr7WSQ==',
    ],
    RSA_3072: [
      'qS5WDS3BxMgxq01Q0prJpFWjfvS0anhJ3J7xi2EfgZ6hMJOpPXR/Aa8sZJQmfN6znhfgH1jIPpznUdLWsRP0Y8mMp6dDpOZIjmGV',
      'TsYLE28Fio4QSbOysAiNQIcdb86wzf4pcp6bLpNICd9Sq9ABm+CNK9mA3TmgFKzPy7ZQ5wrRuPxIqdh8AWNm6zUQZDHCxdgLAzR5',
      'OEiPxKDzAA57TeeYDwU+PgHhBGRpUrpxurj1ouUiZMX8cWAqJqMwj9Qf0xlvu2rpkUAx7vHb/T6BneUQYzzHnDhwbfOoGdWyb8ED',
      'Yd9C5PZXlzgAPrPs6MBQyKaplb8H2bt8QxAjDqY7Meh73M7xuXLcjzVtDvhjJHnFfW0Yg+MFXc6ef7/rvfhQ+P20DbaAFstE7Jxp',
      'MseIPIpEGmqGPzkDJgLiv8DOhgfMTqqHXEwxjyIe0gQekeuhSv7M/YkUEA3B0laydux4By7jpjWKImk6CB9fMD4Gyzp11FAqXdmg',
      'rS4iYSzgjnQn',
    ],
    RSA_4096: [
      'gsuQH1dn2q6LTjksm1oFY842CwkmcEAzFMILvIGGv53O/0gzkKSi4XXMH/rrxqdgSimGlr5hIEVfpqsWMI6IXtCXGt4v2r3PNRWe',
      '1HBMLrButmTr+8o/gpVy1sfDid30b/rcghVTPfHJfTAO4Wj//Qi4+tYrshy6WWoIL7nH8yNJuCumMgjVBrDbSJmVLXSY6b/2Wyfs',
      'aBHoMtQntkBW5FMBT7WJLVwEu6xaegDG6h2dHPbp5WSuInDCstaqfVjUkEv/Pnu2fNHn32dwaXqkV+yQFxoyL1ike65dhMzp0L5N',
      'bJmg9Rvr3qRLs3GNqxvHoLbCczC3tGqB9sxI264OTcN/pl7wdpZichSBJ8pFUCfOTw65Kmlmh85Qbesis1l/x8O3V6SWuaX8pADe',
      'MFJKSu2ykAap2EAmTtx5DL7gBgjwlROwHCxo2vHbYHYNuBckGUrEk0LOofjNwALJdAcuOP9jJt3ODvPw6+ZrNWr9njnI+b6nGA8q',
      'Lz53U5x3ts8jo0RaGRw78F4maHyu/PJjS/n/gQidVtbYKuKN5qGaCcRg4YXxZIdgGfRt6g8OUa/Q32tSHPdgd4XjaioutV91R8jM',
      '5igfNSbGlSmDrz+4oZmNp5y920h5HLENNoVfHKd0W0gYoZ6++DUcecw5N9ksux2vYZ8mRgu35vNjSFV9UCA=',
    ],
  },
};

/** Gives the 32 bytes that are wrapped in every known blob. They are not secret. */
export function knownMaterial(): Buffer {
  return createHash('sha256').update('Keyferry known answer').digest();
}

/** Gives the wrapped bytes that openssl made with this algorithm under the test key of this size. */
export function knownBlob(algorithm: WrappingAlgorithm, keySpec: WrappingKeySpec): Buffer {
  return Buffer.from(knownBlobs[algorithm][keySpec].join(''), 'base64');
}
