import ArgumentParser
import Issuer

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves tokens until SIGTERM or SIGINT.",
        discussion: """
            Prints {"ready":{"url":…,"issuer":…}} once it accepts connections. SIGHUP reads the TLS certificate and key again.

            Examples:
              token-issuer serve --config issuer.json
              echo '{"store":"issuer.sqlite"}' | token-issuer serve --config -

            Members of the configuration, with what holds without them:
              store                        the SQLite file with clients, keys, users and tokens; needed
              listen                       {"host":"127.0.0.1","port":0}; port 0 is any free one
              tls                          {"certificate":FILE,"key":FILE}; without it plain HTTP, on loopback only
              issuer                       its identifier: the URL it listens at
              audit                        the file of its audit trail: none
              algorithm                    ES256, or RS256
              resources                    the only ones there are tokens for: any
              token_format                 jwt, or opaque: what tokens are worth is then told by introspection alone
              token_lifetime_seconds       3600, which is the most
              code_lifetime_seconds        60, at most 600
              refresh_lifetime_seconds     2592000: how long a refresh token lives that nobody uses
              refresh_grace_seconds        10: for how long a refresh token that was just exchanged is answered once more the same, because
                                           the answer may be lost; 0 ends the grant at once, 60 is the most
              login_lifetime_seconds       3600
              client_ca, intermediates     who vouches for client certificates, a PEM file: none is asked for
              self_signed_certificates     false: whether clients may also show certificates of their own making
              dpop_nonces                  false: whether proofs of possession must carry a nonce
              dynamic_registration         false: whether clients may register themselves
              client_id_metadata           false: whether the URL of a document about a client is a client identifier
              client_id_metadata_ca        who vouches for the hosts of such documents, a PEM file: the system's authorities
              client_id_metadata_private   false: whether those hosts may be on this machine or network, as on a test bed
              open_scopes                  what those two kinds of clients may have: mcp:read mcp:write mcp:execute
            """)

    @Option(help: "The configuration, a JSON file, or - for one line on standard input.")
    var config: String

    @Flag(help: "End when standard input is closed.")
    var exitWithParent = false

    func run() async throws {
        try await IssuerProgram.serve(
            configurationText: try IssuerProgram.read(config), file: config, exitWithParent: exitWithParent)
    }
}
