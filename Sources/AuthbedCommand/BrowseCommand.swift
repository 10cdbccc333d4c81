import ArgumentParser
import Bed

struct BrowseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "browse",
        abstract: "Sign in and consent at a token issuer without a screen, and hand the answer to the client.",
        discussion: """
            For clients that open a browser: follows redirects, keeps cookies, fills in the login and the consent page, and \
            finally asks for the redirect URI, where the client listens. Loopback addresses only. The login is in a file that \
            only its owner can read: {"user":"alice","password":"…","ca":"pki/ca.pem"}. "shown" may name a file to which the \
            addresses are added. A page's form is understood by its controls: name and password on one page or on two, and a \
            button that says allow, accept, approve or the like.

            EXAMPLE
              authbed browse --login alice.json 'https://127.0.0.1:4400/oauth/authorize?response_type=code&…'
            """)

    @Option(help: ArgumentHelp("The file with user and password.", valueName: "file")) var login: String
    @Argument(help: "The authorization URL.") var url: String

    func run() async throws {
        let order = try BrowseOrder(file: login)
        try order.note(url)
        try await order.person.browse(url)
    }
}
