import ArgumentParser

@main
struct CertsGen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certs-gen",
        abstract: "Makes the certificates of the bed, right and wrong, and revokes them.",
        discussion: """
            Examples:
              certs-gen build --out pki
              certs-gen show --pki pki
              certs-gen issue --pki pki --name carol --lifetime 30d
              certs-gen revoke --pki pki --serial SERIAL --crl pki/revoked.crl
              certs-gen verify --pki pki expired
              certs-gen ocsp --pki pki

            Each command but show prints one JSON object. Exit status: 0 done, 1 refused, 2 wrong arguments or manifest, 3 failed.
            """,
        subcommands: [Build.self, Issue.self, Revoke.self, RevocationList.self, Show.self, Verify.self, Responder.self, Limbo.self])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            Failure.exit(with: error)
        }
    }
}
