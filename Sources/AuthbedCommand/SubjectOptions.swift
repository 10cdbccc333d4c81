import ArgumentParser
import Foundation
import Scenarios

/// Which implementation is tested, in which role.
struct SubjectOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A subject: its name in subjects/, or the folder with its subject.yaml. May be given once for each role; ours where none is given.",
            valueName: "name|path"), completion: ProjectNames.subjects)
    var subject: [String] = []

    @Option(help: "The role that is looked at: server, issuer or client; the subject's own if one is given, else all.")
    var role: Subject.Role?

    @Option(
        help: ArgumentHelp(
            "The MCP endpoint of a server that runs already; it needs --scheme, and --credential-file or --issuer-port. With --role issuer an issuer's identifier.",
            valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp(
            "A file with a key or token that the server accepts. It is shown as it is; nothing can be forged or revoked. With --role issuer CLIENT-ID:SECRET.",
            valueName: "file"))
    var credentialFile: String?

    @Option(
        help: ArgumentHelp(
            "Play the token issuer http://127.0.0.1:PORT, which the server at --url must trust; then wrong tokens are made, too.",
            valueName: "port"))
    var issuerPort: Int?

    @Option(
        help: ArgumentHelp(
            """
            A tool of the server at --url that may be called some hundred times, where it does not offer the bed's own, canary.read and \
            canary.write. What tells reading from writing is not judged then.
            """, valueName: "name"))
    var tool: String?

    @Option(help: ArgumentHelp("The tool's arguments. Default: {}.", valueName: "json"))
    var arguments: String?

    @Option(
        help: ArgumentHelp(
            "A PEM file with whoever vouches for the server or issuer at --url, where that is an https one.", valueName: "file"))
    var ca: String?

    @Option(
        help: ArgumentHelp("The resource to ask the issuer at --url for tokens of, where it gives none without.", valueName: "uri"))
    var resource: String?

    /// - Parameter schemes: What a server that has no file of its own is said to offer.
    func cast(_ catalogue: Catalogue, schemes: [String]) throws -> Cast {
        var given: [Subject.Role: Subject] = [:]
        for name in subject {
            let found = try find(name, catalogue)
            guard given[found.role] == nil else {
                throw ValidationError("two subjects are a \(found.role.rawValue): \(subject.joined(separator: ", "))")
            }
            if found.needsInstalling {
                throw ValidationError("\(found.id) is not installed; `authbed subjects install \(found.id)` does it")
            }
            given[found.role] = found
        }
        if ca != nil, url == nil { throw ValidationError("--ca is about what runs already; say where with --url") }
        if resource != nil, url == nil || role != .issuer {
            throw ValidationError("--resource is about an issuer at --url; say so with --role issuer")
        }
        if let url, role == .issuer {
            given[.issuer] = try attachedIssuer(url, given[.issuer], schemes, catalogue)
        } else if let url {
            given[.server] = try attached(url, given[.server], schemes)
        } else if credentialFile != nil || issuerPort != nil {
            throw ValidationError("--credential-file and --issuer-port are about what runs already; say where with --url")
        }
        if tool != nil || arguments != nil, url == nil || role == .issuer {
            throw ValidationError("--tool and --arguments are about a server at --url")
        }
        let looked = role ?? (given.count == 1 ? given.keys.first : nil)
        if let role, let only = given.keys.first, given.count == 1, only != role {
            throw ValidationError("\(subject.first ?? url ?? "the subject") is a \(only.rawValue), and no \(role.rawValue)")
        }
        func player(_ role: Subject.Role) throws -> Subject {
            if let subject = given[role] ?? catalogue.subject("authbed-\(role.rawValue)") { return subject }
            throw ValidationError("there is no subject authbed-\(role.rawValue) in subjects/")
        }
        return Cast(server: try player(.server), issuer: try player(.issuer), client: try player(.client), role: looked)
    }

    /// A name of the project's, or a folder anywhere.
    private func find(_ name: String, _ catalogue: Catalogue) throws -> Subject {
        if let found = catalogue.subject(name) { return found }
        let folder = URL(fileURLWithPath: name).standardizedFileURL.path
        let file = folder.hasSuffix(".yaml") ? folder : folder + "/subject.yaml"
        do throws(SourceErrors) {
            if let subject = try catalogue.foreignSubject(file) { return subject }
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(2)
        }
        let hint = Suggestion.phrase(for: name, among: catalogue.subjects.map(\.id))
        throw ValidationError(
            "there is no subject \(name)\(hint) in subjects/, and no file \(file); there are "
                + catalogue.subjects.map(\.id).joined(separator: ", "))
    }

    /// A server that runs already, with what its file says of it, if it has one.
    private func attached(_ url: String, _ subject: Subject?, _ schemes: [String]) throws -> Subject {
        try Self.check(url, such: "http://127.0.0.1:8000/mcp")
        var server =
            subject
            ?? Subject(
                id: "the server", title: "The server at \(url)", role: .server, schemes: schemes, eras: ["2026-07-28", "2025-11-25"],
                start: [],
                hooks: [:], audit: false, reasons: [:])
        guard !server.schemes.isEmpty else { throw ValidationError("--url needs --scheme: how do callers prove who they are there?") }
        if subject == nil, credentialFile == nil, issuerPort == nil {
            throw ValidationError(
                "--url needs --credential-file with a key or token that the server accepts, or --issuer-port for an issuer that it trusts")
        }
        (server.url, server.start, server.hooks) = (url, [], [:])
        server.issuerPort = issuerPort ?? server.issuerPort
        server.ca = try ca.map(Self.readable)
        if let tool {
            let call = SubjectCall.tool(tool, arguments: try Self.object(arguments ?? "{}"))
            server.calls = ["read": call, "write": call]
            // Of a tool of its own nobody has said what it takes to call it.
            server.lacks[.scopes] = server.lacks[.scopes] ?? "nobody said which scopes the tool \(tool) asks for"
        } else if arguments != nil {
            throw ValidationError("--arguments belong to a --tool")
        }
        if let credentialFile {
            server.credentials = ["*": try Self.readable(credentialFile)]
            let key = (try? String(contentsOfFile: credentialFile, encoding: .utf8)) ?? ""
            server.learn(fromKey: key.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return server
    }

    /// The same for an issuer. Those of its commands that need no configuration of the bed's stay what they are.
    private func attachedIssuer(_ url: String, _ subject: Subject?, _ schemes: [String], _ catalogue: Catalogue) throws -> Subject {
        try Self.check(url, such: "http://127.0.0.1:4400")
        if issuerPort != nil { throw ValidationError("--issuer-port is about a server: there, the bed plays the issuer") }
        let all = Set(catalogue.scenarios.filter { $0.world == .issuerBench }.flatMap(\.schemes)).sorted()
        var issuer =
            subject
            ?? Subject(
                id: "the issuer", title: "The issuer at \(url)", role: .issuer, schemes: schemes.isEmpty ? all : schemes,
                eras: ["2026-07-28", "2025-11-25"], start: [], hooks: [:], audit: false, reasons: [:])
        (issuer.url, issuer.start) = (url, [])
        issuer.ca = try ca.map(Self.readable)
        issuer.resource = resource
        if let credentialFile { issuer.credentials = ["*": try Self.readable(credentialFile)] }
        return issuer
    }

    private static func object(_ text: String) throws -> String {
        guard (try? JSONSerialization.jsonObject(with: Data(text.utf8))) is [String: Any] else {
            throw ValidationError("--arguments are a JSON object, such as {\"text\":\"hello\"}; not \(text)")
        }
        return text
    }

    private static func check(_ url: String, such example: String) throws {
        guard let parts = URL(string: url), ["http", "https"].contains(parts.scheme), let host = parts.host(), parts.port != nil else {
            throw ValidationError("--url is where it listens, such as \(example), with its port; not \(url)")
        }
        guard ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host) else {
            throw ValidationError("\(host) is another machine; only what runs on this one is tried, on 127.0.0.1")
        }
    }

    private static func readable(_ file: String) throws -> String {
        guard FileManager.default.isReadableFile(atPath: file) else { throw ValidationError("\(file) cannot be read") }
        return file
    }
}

extension Subject.Role: ExpressibleByArgument {}
