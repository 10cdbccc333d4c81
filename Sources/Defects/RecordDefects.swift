import Auth
import Foundation
import HTTPTypes
import Server

extension Defect {
    /// What is kept, printed and written down.
    static let recordDefects: [Defect] = [
        reading("server/keeps-credentials-in-a-file") { request, parts in
            guard let shown = request.headers[.authorization], mayActNow() else { return }
            Self.append("\(shown)\n", to: parts.configuration.store + "-seen")
        },
        reading("server/prints-credentials") { request, _ in
            guard mayActNow() else { return }
            let shown = request.headers[values: .authorization].joined(separator: ", ")
            FileHandle.standardError.write(Data("\(request.method) \(request.path) \(shown)\n".utf8))
        },
        recording("server/writes-credentials-to-its-audit-trail") { record, request in
            var record = record
            record.detail = request.headers[values: .authorization].joined(separator: ", ")
            return record
        },
        recording("server/keeps-no-audit-trail") { _, _ in nil },
        recording("server/records-only-what-it-allows") { record, _ in record.decision == .allowed ? record : nil },
        recording("server/records-principals-only") { record, _ in
            var record = record
            (record.keyID, record.jti, record.serial, record.thumbprint) = (nil, nil, nil, nil)
            return record
        },
        recording("server/forgets-which-token-it-was") { record, _ in
            var record = record
            if record.jti != nil { record.jti = record.tokenIssuer }
            return record
        },
        recording("server/forgets-which-certificate-it-was") { record, _ in
            var record = record
            (record.serial, record.thumbprint) = (nil, nil)
            return record
        },
        Defect(
            "server/writes-records-as-they-come",
            server: { parts in
                let right = parts.audit
                let path = parts.configuration.audit
                parts.audit = { record, request in
                    try await right(record, request)
                    let name = request.field("Mcp-Name") ?? ""
                    guard let path, name.hasPrefix("=?base64?"), let text = Data(base64Encoded: String(name.dropFirst(9).dropLast(2))),
                        mayActNow()
                    else { return }
                    Self.append("called: \(String(decoding: text, as: UTF8.self))\n", to: path)
                }
            }),
    ]

    /// - Parameter change: What becomes of each record; nil for nothing.
    private static func recording(_ id: String, _ change: @escaping @Sendable (AuditRecord, ServerRequest) -> AuditRecord?) -> Defect {
        Defect(
            id,
            server: { parts in
                let right = parts.audit
                parts.audit = { record, request in
                    if let record = change(record, request) { try await right(record, request) }
                }
            })
    }

    private static func append(_ text: String, to path: String) {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        guard let file = FileHandle(forWritingAtPath: path) else { return }
        defer { try? file.close() }
        _ = try? file.seekToEnd()
        try? file.write(contentsOf: Data(text.utf8))
    }
}
