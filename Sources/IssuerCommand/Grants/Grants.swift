import ArgumentParser

struct Grants: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grants",
        abstract: "Shows and ends what users granted to clients; a running issuer sees it at once.",
        discussion: """
            A grant is one act of consent that a client redeemed, with all refresh and access tokens that come from it.

            Examples:
              token-issuer grants list --user alice --config issuer.json
              token-issuer grants revoke 5Kd2pVqYb1m0Zx3cT8uJ9w --config issuer.json
            """,
        subcommands: [ListGrants.self, RevokeGrant.self])
}
