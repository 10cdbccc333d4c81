import ArgumentParser
import Server

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves until SIGTERM or SIGINT.",
        discussion: """
            Prints {"ready":{"url":…,"mcp":…}} once it accepts connections. SIGHUP reads certificates, revocation lists, the \
            list of clients and client secrets again, and opens the audit trail anew. Certificates, keys, anchors, lists and \
            clients are also taken when their files change, within a second; what cannot be used is refused, and what was \
            there before stays.

            Examples:
              mcp-server serve --config server.json
              echo '{"scheme":"api-key","store":"server.sqlite"}' | mcp-server serve --config -

            Client certificates, with a revocation list that is fetched every minute:
              {"scheme":"mtls-crl","tls":{"certificate":"server.pem","key":"server.key","client_ca":"ca.pem",
               "intermediates":"intermediates.pem","crl":"http://crl.example/ca.crl","crl_refresh_seconds":60},
               "clients_file":"clients.json"}
            where clients.json is
              [{"uri":"spiffe://example/client/alice","principal":"alice","scopes":["mcp:read"]}]

            Their issuer asked about each, and nobody let in while it does not answer ("soft" would let them in, and the audit \
            trail would say "unchecked":"revocation" of them). Without "responder" the one that a certificate names is asked; \
            authorities are asked about where their own certificates name one:
              {"scheme":"mtls-ocsp","tls":{"certificate":"server.pem","key":"server.key","client_ca":"ca.pem",
               "versions":["1.3"],"max_chain":3,"ocsp":{"mode":"hard","responder":"http://ocsp.example/",
               "timeout_seconds":2,"nonce":true,"max_age_seconds":300}},"handshake_seconds":5,
               "clients":[{"dns":"alice.example","issuer":"CN=Example CA","principal":"alice","scopes":["mcp:read"]}]}

            Clients by other names of their certificates; an anchor, the SHA-256 of its certificate in base64url, where two \
            authorities have one name:
              "clients":[{"email":"bob@example.org","principal":"bob","scopes":[]},{"ip":"192.0.2.1","principal":"probe","scopes":[]},
               {"cn":"agent","anchor":"…","principal":"agent","scopes":["mcp:read"]}]
            A proxy that ends the clients' TLS and passes their certificates on in Client-Cert (RFC 9440):
              {"scheme":"mtls", …, "trusted_proxies":[{"uri":"spiffe://example/proxy"}]}
            """)

    @Option(help: "The configuration, a JSON file, or - for one line on standard input.")
    var config: String

    @Flag(help: "End when standard input is closed.")
    var exitWithParent = false

    func run() async throws {
        try await ServerProgram.serve(
            configurationText: try ServerProgram.read(config), file: config, exitWithParent: exitWithParent)
    }
}
