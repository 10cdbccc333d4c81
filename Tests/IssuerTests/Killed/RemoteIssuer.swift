import AsyncHTTPClient
import Foundation
import Issuer
import NIOCore
import NIOHTTP1
import OAuth

/// A running issuer as its clients see it: each question has an answer, or the issuer was killed before it came.
struct RemoteIssuer: Sendable {
    let process: ProgramProcess
    private let url: String
    private let http: HTTPClient

    struct Answer: Sendable {
        var status: Int
        var members: [String: JSONValue]
        var error: String? { members["error"]?.string }
    }

    struct NotReady: Error {}

    /// Starts it, and waits until it serves.
    init(configuration: String, http: HTTPClient) async throws {
        process = try ProgramProcess(["serve", "--config", configuration])
        self.http = http
        var url: String?
        for await line in process.lines {
            url = try OAuth.StrictJSON.parseObject(Array(line.utf8))["ready"]?.object?["url"]?.string
            break
        }
        guard let url else { throw NotReady() }
        self.url = url
    }

    /// - Returns: nil when no whole answer came.
    func post(_ path: String, _ form: [String: String], basic: String? = nil) async throws -> Answer? {
        var request = HTTPClientRequest(url: url + path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        if let basic { request.headers.add(name: "Authorization", value: "Basic " + Data(basic.utf8).base64EncodedString()) }
        let body = form.map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
        request.body = .bytes(Array(body.joined(separator: "&").utf8))
        return try await answer(to: request)
    }

    func keys() async throws -> [String] {
        let answer = try await answer(to: HTTPClientRequest(url: url + "/oauth/jwks"))
        return (answer?.members["keys"]?.array ?? []).compactMap { $0.object?["kid"]?.string }
    }

    private func answer(to request: HTTPClientRequest) async throws -> Answer? {
        guard let response = try? await http.execute(request, timeout: .seconds(30)),
            let body = try? await response.body.collect(upTo: 1 << 20)
        else { return nil }
        return Answer(
            status: Int(response.status.code),
            members: body.readableBytes == 0 ? [:] : try OAuth.StrictJSON.parseObject(Array(body.readableBytesView)))
    }
}
