/*
 * A key that never leaves a PKCS#11 token but wrapped.
 *
 *   softhsm MODULE PIN make                          makes an AES-256 key in the token, prints its CKA_CHECK_VALUE
 *   softhsm MODULE PIN wrap MODULUS EXPONENT FILE    wraps it under this RSA public key (hex), by OAEP with SHA-1
 *
 * The few declarations of PKCS#11 2.40 that it needs stand here, because not every machine has the header.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long ulong_t;
typedef struct { ulong_t type; void *value; ulong_t length; } attribute;
typedef struct { ulong_t mechanism; void *parameter; ulong_t length; } mechanism;
typedef struct { ulong_t hash, mask, source; void *sourceData; ulong_t sourceLength; } oaepParameters;

enum { CKO_PUBLIC_KEY = 2, CKO_SECRET_KEY = 4, CKK_RSA = 0, CKK_AES = 0x1f };
enum { CKA_CLASS = 0, CKA_TOKEN = 1, CKA_LABEL = 3, CKA_CHECK_VALUE = 0x90, CKA_KEY_TYPE = 0x100, CKA_SENSITIVE = 0x103,
       CKA_ENCRYPT = 0x104, CKA_WRAP = 0x106, CKA_MODULUS = 0x120, CKA_PUBLIC_EXPONENT = 0x122, CKA_VALUE_LEN = 0x161,
       CKA_EXTRACTABLE = 0x162 };
enum { CKM_RSA_PKCS_OAEP = 9, CKM_SHA_1 = 0x220, CKM_AES_KEY_GEN = 0x1080, CKG_MGF1_SHA1 = 1, CKZ_DATA_SPECIFIED = 1 };
enum { CKF_RW_SESSION = 2, CKF_SERIAL_SESSION = 4, CKU_USER = 1 };

static void *module;
static char label[] = "keyferry";

static void check(const char *what, ulong_t answer) {
  if (answer == 0) return;
  fprintf(stderr, "%s answers 0x%lx\n", what, answer);
  exit(1);
}

/* Calls a function of the module by its name. The arguments of every function are as wide as a pointer. */
#define CALL(name, ...) \
  do { \
    ulong_t (*function)() = (ulong_t(*)())dlsym(module, name); \
    if (function == NULL) { fprintf(stderr, "the module has no %s\n", name); exit(1); } \
    check(name, function(__VA_ARGS__)); \
  } while (0)

static unsigned char *fromHex(const char *text, ulong_t *length) {
  *length = strlen(text) / 2;
  unsigned char *bytes = malloc(*length);
  for (ulong_t i = 0; i < *length; i++) sscanf(text + 2 * i, "%2hhx", &bytes[i]);
  return bytes;
}

static ulong_t openSession(const char *pin) {
  ulong_t slots[8], count = 8, session;
  CALL("C_Initialize", (void *)NULL);
  CALL("C_GetSlotList", (ulong_t)1, slots, &count);
  CALL("C_OpenSession", slots[0], (ulong_t)(CKF_SERIAL_SESSION | CKF_RW_SESSION), (void *)NULL, (void *)NULL, &session);
  CALL("C_Login", session, (ulong_t)CKU_USER, pin, (ulong_t)strlen(pin));
  return session;
}

static void makeKey(ulong_t session) {
  unsigned char yes = 1, value[3];
  ulong_t length = 32, key;
  attribute wanted[] = { { CKA_TOKEN, &yes, 1 }, { CKA_SENSITIVE, &yes, 1 }, { CKA_EXTRACTABLE, &yes, 1 },
                         { CKA_ENCRYPT, &yes, 1 }, { CKA_VALUE_LEN, &length, sizeof length },
                         { CKA_LABEL, label, sizeof label - 1 } };
  mechanism generate = { CKM_AES_KEY_GEN, NULL, 0 };
  CALL("C_GenerateKey", session, &generate, wanted, (ulong_t)6, &key);
  attribute asked[] = { { CKA_CHECK_VALUE, value, sizeof value } };
  CALL("C_GetAttributeValue", session, key, asked, (ulong_t)1);
  printf("%02X%02X%02X\n", value[0], value[1], value[2]);
}

static void wrapKey(ulong_t session, const char *modulus, const char *exponent, const char *file) {
  unsigned char yes = 1, no = 0, wrapped[512];
  ulong_t class = CKO_PUBLIC_KEY, type = CKK_RSA, modulusLength, exponentLength, wrappingKey;
  unsigned char *modulusBytes = fromHex(modulus, &modulusLength), *exponentBytes = fromHex(exponent, &exponentLength);
  attribute publicKey[] = { { CKA_CLASS, &class, sizeof class }, { CKA_KEY_TYPE, &type, sizeof type },
                            { CKA_TOKEN, &no, 1 }, { CKA_WRAP, &yes, 1 },
                            { CKA_MODULUS, modulusBytes, modulusLength },
                            { CKA_PUBLIC_EXPONENT, exponentBytes, exponentLength } };
  CALL("C_CreateObject", session, publicKey, (ulong_t)6, &wrappingKey);

  ulong_t secretClass = CKO_SECRET_KEY, key, found;
  attribute sought[] = { { CKA_CLASS, &secretClass, sizeof secretClass }, { CKA_LABEL, label, sizeof label - 1 } };
  CALL("C_FindObjectsInit", session, sought, (ulong_t)2);
  CALL("C_FindObjects", session, &key, (ulong_t)1, &found);
  CALL("C_FindObjectsFinal", session);
  if (found != 1) { fprintf(stderr, "no key was made\n"); exit(1); }

  oaepParameters oaep = { CKM_SHA_1, CKG_MGF1_SHA1, CKZ_DATA_SPECIFIED, NULL, 0 };
  mechanism wrap = { CKM_RSA_PKCS_OAEP, &oaep, sizeof oaep };
  ulong_t wrappedLength = sizeof wrapped;
  CALL("C_WrapKey", session, &wrap, wrappingKey, key, wrapped, &wrappedLength);
  FILE *out = fopen(file, "wb");
  if (out == NULL || fwrite(wrapped, 1, wrappedLength, out) != wrappedLength || fclose(out) != 0) exit(1);
}

int main(int count, char **words) {
  if (count < 4) return 2;
  module = dlopen(words[1], RTLD_NOW);
  if (module == NULL) { fprintf(stderr, "%s\n", dlerror()); return 1; }
  ulong_t session = openSession(words[2]);
  if (strcmp(words[3], "make") == 0) makeKey(session);
  else if (count == 7) wrapKey(session, words[4], words[5], words[6]);
  else return 2;
  CALL("C_Finalize", (void *)NULL);
  return 0;
}
