import ArgumentParser
import Client

@main
struct ClientTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp-client",
        abstract: "Calls the tools of an MCP server, with an API key, an access token, a client certificate, or the last two together.",
        discussion: """
            Examples:
              mcp-client call read_file --arg path=notes.txt --server https://127.0.0.1:4381/mcp --ca ca.pem --api-key-file key.txt
              mcp-client call canary.write --server … --ca ca.pem --client-id alice --client-secret-file secret.txt
              mcp-client whoami --server … --grant authorization_code --client-id desk --browser xdg-open --cache ~/.mcp-tokens
              mcp-client whoami --server … --ca ca.pem --certificate alice.pem --key alice.key
              mcp-client tools --config client.json --json
              echo '{"id":1,"call":"canary.read","parallel":8}' | mcp-client session --config client.json

            With --grant authorization_code a person logs in and consents in a browser; the answer is brought to an address of this \
            machine. With --cache the tokens are kept, readable by their owner alone, and refreshed by whichever process needs one first.

            Which way to prove who is calling follows from what is given: --api-key-file, --client-id, --certificate, or \
            --client-id and --certificate together. The server's certificate is always verified, redirects are never followed, and \
            nothing is sent over plain HTTP but to this machine. Secrets come from files, from standard input (a file named -), or from \
            an environment variable that --api-key-env or --client-secret-env names; never from an argument.

            A configuration is one JSON object; "server" and "scheme" are required:
              {"server":"https://127.0.0.1:4381/mcp","ca":"ca.pem","era":"2026-07-28","scheme":"oauth",
               "oauth":{"client_id":"alice","client_secret_file":"secret.txt","scopes":["mcp:read"]}}
            Schemes: none, api-key (with "api_key_file"), oauth (with "oauth"), mtls (with "certificate" and "key"), layered \
            (with "oauth", "certificate" and "key"). In "oauth", "issuer" is found by asking the server when it is absent. For a person:
              "oauth":{"grant":"authorization_code","client_id":"desk","browser":["xdg-open"],"cache":"tokens.json"}
            and "redirect_uri", "client_metadata_url" and "dynamic_registration" (true) as the options --redirect-uri, \
            --client-metadata-url and --register say.

            Exit status: 0 done, 1 refused by the server or the token issuer, or the tool failed, 2 wrong arguments or configuration, \
            3 failed otherwise: network, TLS, protocol, a file.
            """,
        subcommands: [Call.self, Tools.self, WhoAmI.self, Session.self, Tokens.self])

    static func main() async {
        do {
            var command = try parseAsRoot(Arguments.current)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Ending.exit(with: error)
        }
    }
}
