import ArgumentParser
import Forging

struct RevocationList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl",
        abstract: "Writes the revocation lists, right or with one thing wrong.",
        discussion: """
            One PEM file with the list of the issuing authority and the list of the root, replaced as one act. With a variant the \
            issuing authority's list is the wrong one. With --authority, or in DER, there is one list only.

            Variants:
            \(RevocationListVariant.Kind.allCases.map { "  \(Output.padded($0.rawValue, 24))\($0.sentence)" }.joined(separator: "\n"))

            Examples:
              certs-gen crl --pki pki --out pki/revoked.crl --lifetime 7d
              certs-gen crl --pki pki --out pki/revoked.crl --variant bad-signature --empty
              certs-gen crl --pki pki --out pki/issuing.crl --format der --variant huge=1000000
            """)

    @Option(help: ArgumentHelp("The PKI's folder.", valueName: "dir"))
    var pki: String

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var out: String

    @Option(help: "How long the lists are valid.")
    var lifetime = Seconds(7 * 86_400, as: "7d")

    @Option(help: "What is wrong; huge=N for N entries.")
    var variant = RevocationListVariant(.right)

    @Option(help: "The authority whose list it is, by its name. (default: the issuing one, and the root's beside it)")
    var authority: String?

    @Flag(help: "Leave out what has been revoked.")
    var empty = false

    @Option(help: "pem, or der for one list as it is served over HTTP.")
    var format = PKI.ListRequest.Format.pem

    private struct Answer: Encodable {
        var crl: String
        var number: Int?
        var revoked: Int
        var variant: String
    }

    func run() throws {
        var request = PKI.ListRequest()
        (request.variant, request.authority, request.entries, request.format) = (variant, authority, empty ? .none : .ledger, format)
        let written = try PKI(opening: pki).writeRevocationLists(request, to: out, now: Output.now, lifetime: lifetime.value)
        try Output.print(Answer(crl: out, number: written.number, revoked: written.revoked, variant: variant.kind.rawValue))
    }
}

extension RevocationListVariant: ExpressibleByArgument {
    public init?(argument: String) { self.init(text: argument) }

    public var defaultValueDescription: String { kind.rawValue }
}

extension PKI.ListRequest.Format: ExpressibleByArgument {}
