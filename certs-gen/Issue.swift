import ArgumentParser
import Forging

struct Issue: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Issues one more certificate.",
        discussion: """
            A client's names are spiffe://authbed.test/client/NAME and the common name NAME, unless others are given.

            Examples:
              certs-gen issue --pki pki --name carol --lifetime 30d
              certs-gen issue --pki pki --name dave --ocsp-url http://127.0.0.1:8080
              certs-gen issue --pki pki --name gateway --usage server --cn gateway.internal --dns gateway.internal
            """)

    @Option(help: ArgumentHelp("The PKI's folder.", valueName: "dir"))
    var pki: String

    @Option(help: "What its files are called.")
    var name: String

    @Option(help: "A URI as an alternative name. May be repeated.")
    var uri: [String] = []

    @Option(help: "A host as an alternative name. May be repeated.")
    var dns: [String] = []

    @Option(help: "The common name. (default: the name)")
    var cn: String?

    @Option(help: "Where its issuer's revocation list is. May be repeated.")
    var crlUrl: [String] = []

    @Option(help: "Where its issuer's OCSP responder is. May be repeated.")
    var ocspUrl: [String] = []

    @Option(help: "What it is for.")
    var usage = PKI.Usage.client

    @Option(help: "How long it is valid: a number and s, m, h or d.")
    var lifetime = Seconds(365 * 86_400, as: "365d")

    @Option(help: ArgumentHelp("Where its files go. (default: issued, in the PKI's folder)", valueName: "dir"))
    var out: String?

    private struct Answer: Encodable {
        var name: String
        var certificate: String
        var key: String
        var serial: String
        var thumbprint: String
        var notAfter: Int
    }

    func run() throws {
        let opened = try PKI(opening: pki)
        let isNamed = usage == .server || !uri.isEmpty || !dns.isEmpty
        let issued = try opened.issue(
            name: name, commonName: cn ?? name, uris: isNamed ? uri : ["spiffe://authbed.test/client/\(name)"], dns: dns, usage: usage,
            lifetime: lifetime.value, now: Output.now, into: out ?? "\(pki)/issued", revocationLists: crlUrl, responders: ocspUrl)
        try Output.print(
            Answer(
                name: issued.name, certificate: issued.certificate, key: issued.key, serial: issued.serial, thumbprint: issued.thumbprint,
                notAfter: Int(issued.notAfter)))
    }
}

extension PKI.Usage: ExpressibleByArgument {}
