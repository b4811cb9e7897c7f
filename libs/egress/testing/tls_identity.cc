#include "libs/egress/testing/tls_identity.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdlib>

namespace penstock::egress {
namespace {

void AddExtension(X509* certificate, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509* SelfSigned(EVP_PKEY* key) {
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  AddExtension(certificate, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  AddExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate, key, EVP_sha256());
  return certificate;
}

// What `write` puts into a memory BIO.
template <typename Write>
std::string Written(Write&& write) {
  BIO* memory = BIO_new(BIO_s_mem());
  write(memory);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string text(data, size);
  BIO_free(memory);
  return text;
}

int SelectHttp2(SSL*, const unsigned char** chosen, unsigned char* size,
                const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  unsigned char* selected = nullptr;
  const int result =
      SSL_select_next_proto(&selected, size, kHttp2, sizeof(kHttp2), offered, offered_size);
  *chosen = selected;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::string TemporaryFile() {
  const char* directory = std::getenv("TEST_TMPDIR");
  std::string path = std::string(directory ? directory : "/tmp") + "/certificate-XXXXXX";
  close(mkstemp(path.data()));
  return path;
}

}  // namespace

TlsIdentity::TlsIdentity()
    : context_(SSL_CTX_new(TLS_server_method())), certificate_file_(TemporaryFile()) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = SelfSigned(key);
  SSL_CTX_use_certificate(context_, certificate);
  SSL_CTX_use_PrivateKey(context_, key);
  FILE* file = fopen(certificate_file_.c_str(), "w");
  PEM_write_X509(file, certificate);
  fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

TlsIdentity::~TlsIdentity() {
  SSL_CTX_free(context_);
  unlink(certificate_file_.c_str());
}

std::string TlsIdentity::certificate_pem() const {
  return Written([&](BIO* out) { PEM_write_bio_X509(out, SSL_CTX_get0_certificate(context_)); });
}

std::string TlsIdentity::private_key_pem() const {
  return Written([&](BIO* out) {
    PEM_write_bio_PrivateKey(out, SSL_CTX_get0_privatekey(context_), nullptr, nullptr, 0, nullptr,
                             nullptr);
  });
}

void TlsIdentity::RequireClient(const TlsIdentity& client) {
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_load_verify_file(context_, client.certificate_file().c_str());
  static constexpr unsigned char kSessions[] = "penstock";
  SSL_CTX_set_session_id_context(context_, kSessions, sizeof(kSessions) - 1);
}

void TlsIdentity::OfferHttp2() { SSL_CTX_set_alpn_select_cb(context_, SelectHttp2, nullptr); }

void TlsIdentity::SpeakOnlyOldVersions() {
  SSL_CTX_set_security_level(context_, 0);
  SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_, TLS1_1_VERSION);
}

}  // namespace penstock::egress
