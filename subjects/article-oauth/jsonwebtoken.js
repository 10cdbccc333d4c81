// What jsonwebtoken 9.0.2 decides where no options are given, with node:crypto: Debian has no package of it. Which algorithms count
// follows from the kind of key; exp and nbf count where they are there; nothing else is looked at.
const crypto = require('node:crypto');

const DIGESTS = { 256: 'sha256', 384: 'sha384', 512: 'sha512' };
const CURVES = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };

function kindOf(secretOrPublicKey) {
  try {
    return crypto.createPublicKey(secretOrPublicKey);
  } catch {
    return crypto.createSecretKey(Buffer.from(secretOrPublicKey));
  }
}

function isSigned(key, algorithm, signed, signature) {
  const digest = DIGESTS[algorithm.slice(2)];
  if (key.type === 'secret') {
    const right = crypto.createHmac(digest, key).update(signed).digest();
    return right.length === signature.length && crypto.timingSafeEqual(right, signature);
  }
  if (key.asymmetricKeyType === 'ec') return crypto.verify(digest, signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
  const padding = algorithm.startsWith('PS') ? crypto.constants.RSA_PKCS1_PSS_PADDING : crypto.constants.RSA_PKCS1_PADDING;
  return crypto.verify(digest, signed, { key, padding, saltLength: crypto.constants.RSA_PSS_SALTLEN_DIGEST }, signature);
}

function verify(token, secretOrPublicKey) {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw new Error('jwt malformed');
  const [header, payload, signature] = token.split('.');
  const { alg } = JSON.parse(Buffer.from(header, 'base64url'));
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const key = kindOf(secretOrPublicKey);
  const family = key.type === 'secret' ? /^HS(256|384|512)$/ : key.asymmetricKeyType === 'ec' ? /^ES(256|384|512)$/ : /^[RP]S(256|384|512)$/;
  if (typeof alg !== 'string' || !family.test(alg)) throw new Error('invalid algorithm');
  if (CURVES[alg] && key.asymmetricKeyDetails.namedCurve !== CURVES[alg]) throw new Error('the algorithm is for another curve');
  if (!isSigned(key, alg, Buffer.from(`${header}.${payload}`), Buffer.from(signature, 'base64url'))) throw new Error('invalid signature');
  const now = Math.floor(Date.now() / 1000);
  for (const name of ['nbf', 'exp']) {
    if (claims[name] !== undefined && typeof claims[name] !== 'number') throw new Error(`invalid ${name} value`);
  }
  if (claims.nbf > now) throw new Error('jwt not active');
  if (claims.exp !== undefined && now >= claims.exp) throw new Error('jwt expired');
  return claims;
}

module.exports = { verify };
