import Server
import Serving
import Testing

struct ConfigurationTests {
    private func problem(_ text: String) -> String? {
        do {
            _ = try ServerConfiguration(parsing: text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("The least configuration is a scheme")
    func least() throws {
        let configuration = try ServerConfiguration(parsing: #"{"scheme":"api-key"}"#)
        #expect(configuration.keyLifetimeDays == 90)
        #expect(configuration.leewaySeconds == 0)
        #expect(configuration.listen.port == 0)
    }

    @Test(
        "What is wrong is named with its line and column",
        arguments: [
            ("{\n \"scheme\": \"api-key\",\n \"shceme\": 1}", "3:12: error: unknown member shceme"),
            ("{\"scheme\": \"api-key\", \"listen\": {\"prot\": 1}}", "1:42: error: unknown member prot"),
            (
                "{\"scheme\": \"apikey\"}",
                "1:12: error: scheme must be one of none, api-key, oauth-jwt, oauth-introspection, mtls, mtls-crl, mtls-ocsp, layered"
            ),
            ("{\"scheme\": \"api-key\", \"listen\": {\"port\": 70000}}", "1:42: error: port must be a whole number from 0 to 65535"),
            ("{\"scheme\": \"api-key\", \"listen\": {\"port\": \"1\"}}", "1:42: error: port must be a whole number from 0 to 65535"),
            ("{\"scheme\": \"api-key\",}", "1:22: error: expected a member name"),
            ("{}", "1:1: error: scheme is required"),
            ("[]", "1:1: error: expected an object"),
            ("{\"scheme\": \"mtls\"}", "1:12: error: mtls needs tls"),
            ("{\"scheme\": \"oauth-jwt\"}", "1:12: error: oauth-jwt needs issuers"),
            (
                "{\"scheme\": \"api-key\", \"listen\": {\"host\": \"0.0.0.0\"}}",
                "1:33: error: without tls only the loopback interface may be used"
            ),
            (
                "{\"scheme\": \"api-key\", \"upstream\": {\"url\": \"http://inside.example/\"}}",
                "1:43: error: url must begin with https://, or be on 127.0.0.1"
            ),
        ])
    func problems(text: String, expected: String) {
        #expect(problem(text) == expected)
    }

    @Test("A client of the allow-list needs a name to be known by")
    func namelessClient() {
        let text = #"{"scheme":"mtls","tls":{"certificate":"a","key":"b","client_ca":"c"},"clients":[{"principal":"alice"}]}"#
        #expect(problem(text)?.hasSuffix("a client needs a uri, dns, email, ip or cn") == true)
    }

    @Test("A client's address is one")
    func clientsAddress() {
        func text(_ ip: String) -> String {
            #"{"scheme":"mtls","tls":{"certificate":"a","key":"b","client_ca":"c"},"clients":[{"ip":"\#(ip)","principal":"alice"}]}"#
        }
        #expect(problem(text("::1")) == nil)
        #expect(problem(text("1.2.3"))?.hasSuffix("ip must be an IPv4 or IPv6 address") == true)
    }

    @Test("What is said of certificates is read, and has its defaults")
    func certificates() throws {
        let least = try ServerConfiguration(parsing: #"{"scheme":"mtls","tls":{"certificate":"a","key":"b","client_ca":"c"}}"#)
        #expect(least.tls?.maxChain == 5)
        #expect(least.tls?.versions == .both)
        #expect(least.tls?.crlRefreshSeconds == 60)
        #expect(least.handshakeSeconds == 10)
        let text = #"""
            {"scheme":"mtls-ocsp","handshake_seconds":3,"clients_file":"d","trusted_proxies":[{"dns":"proxy.test"}],
             "tls":{"certificate":"a","key":"b","client_ca":"c","versions":["1.3"],"max_chain":3,"crl":"http://a/b","crl_refresh_seconds":5,
                    "ocsp":{"mode":"soft","responder":"http://c","timeout_seconds":1,"nonce":false,"max_age_seconds":0}}}
            """#
        let full = try ServerConfiguration(parsing: text)
        #expect(full.tls?.versions == .tls13)
        #expect(full.tls?.maxChain == 3)
        let ocsp = try #require(full.tls?.ocsp)
        #expect(ocsp.mode == .soft && ocsp.responder == "http://c" && !ocsp.nonce)
        #expect(ocsp.timeoutSeconds == 1 && ocsp.maxAgeSeconds == 0)
        #expect(full.clientsFile == "d")
        #expect(full.trustedProxies.map(\.principal) == ["proxy.test"])
        #expect(full.handshakeSeconds == 3)
    }

    @Test(
        "What is said of certificates and makes no sense is refused",
        arguments: [
            (#""versions":["1.1"]"#, "", "versions must be 1.2, 1.3 or both"),
            (#""ocsp":{"mode":"firm"}"#, "", "mode must be hard or soft"),
            (#""ocsp":{}"#, "", "mode is required"),
            (#""ocsp":{"mode":"hard","responder":"ftp://x"}"#, "", "responder must be an http or https URL"),
            (#""max_chain":1"#, "", "max_chain must be a whole number from 2 to 20"),
            ("", #","clients_file":"x","clients":[{"cn":"a","principal":"a"}]"#, "clients_file and clients are one list: give one of them"),
            ("", #","trusted_proxies":[{}]"#, "a proxy needs a uri, dns, email, ip or cn"),
        ])
    func badCertificates(tls: String, more: String, expected: String) {
        let text = #"{"scheme":"mtls","tls":{"certificate":"a","key":"b","client_ca":"c"\#(tls.isEmpty ? "" : "," + tls)}\#(more)}"#
        #expect(problem(text)?.hasSuffix(expected) == true)
    }

    @Test("A scheme that asks the issuers says how")
    func needsOCSP() {
        #expect(
            problem(#"{"scheme":"mtls-ocsp","tls":{"certificate":"a","key":"b","client_ca":"c"}}"#)?.hasSuffix("mtls-ocsp needs tls.ocsp")
                == true)
        #expect(
            problem(#"{"scheme":"api-key","trusted_proxies":[{"cn":"x"}]}"#)?.hasSuffix(
                "api-key asks nobody for a certificate, proxies included") == true)
    }
}
