import Foundation
import Probing
import Scenarios
import Trace

/// Secrets that are right so far, timed against one another.
extension StimulusMaker {
    /// - Parameter check: Under which the times are kept.
    func timing(_ plan: Bend.Timing, check: String) throws -> Stimulus {
        guard let key = baseline.apiKey else { throw BedError("\(baseline.name) has no API key whose comparison could be timed") }
        // Behind the part that is public, where there is one.
        let cut = key.lastIndex(of: "_").map { key.index(after: $0) } ?? key.startIndex
        let (name, secret) = (String(key[..<cut]), String(key[cut...]))
        let classes = [0, 0, 0, 1, 8, 16, 32, secret.count - 1].filter { $0 < secret.count }
        guard classes.count > 4, classes == classes.sorted() else { throw BedError("the secret is too short to be right in part") }
        let shown = classes.map { right in name + secret.prefix(right) + secret.dropFirst(right).map(Self.another) }
        var stimulus = Stimulus(fresh, "the secret right so far, \(plan.blocks) times \(Timings.repeats)")
        stimulus.credential.apiKey = shown[0]
        stimulus.setUp = { [stage] in
            let timings = Timings(stage: stage, keys: shown, blocks: plan.blocks)
            let samples = TimingSamples(classes: classes, length: secret.count, repeats: try await timings.measure())
            let text = String(decoding: try JSONEncoder().encode(samples), as: UTF8.self)
            stage.fact("\(check).timing", Double(plan.blocks), unit: "blocks", text: text)
        }
        return stimulus
    }

    /// Another character of the alphabet that keys are of.
    private static func another(_ letter: Character) -> Character { letter == "a" ? "b" : "a" }
}

/// Sends wrong keys in random order over one connection, again over another, and keeps how long each answer took.
private struct Timings {
    static let repeats = 5
    /// Before anything counts: caches and branch predictors learn too.
    private static let warmUp = 30
    /// Seconds for all requests over one connection, and how long they should take at most where answers are slow.
    private static let patience = 60.0
    private static let budget = 20.0
    /// Fewer would say nothing at all.
    private static let least = 8
    let stage: Stage
    let keys: [String]
    let blocks: Int

    /// - Returns: Nanoseconds by repeat, block and key.
    func measure() async throws -> [[[Int]]] {
        let url = stage.world.plaintextURL ?? stage.world.serverURL
        let requests = keys.map { request(key: $0, url: url) }
        let begin = ContinuousClock.now
        guard await TimedLine.time(requests, at: url, ca: stage.world.pki.ca, timeout: Self.patience) != nil else {
            throw BedError("the server does not answer \(keys.count) wrong keys over one connection within \(Int(Self.patience)) s")
        }
        let once = (ContinuousClock.now - begin) / .seconds(1)
        let affordable = max(Self.least, Int(min(Self.budget / once, 1e6)))
        let (blocks, warmUp) = (min(blocks, affordable), min(Self.warmUp, affordable / 2))
        var repeats: [[[Int]]] = []
        for _ in 0..<Self.repeats {
            let orders = (0..<(warmUp + blocks)).map { _ in keys.indices.shuffled() }
            let times = await TimedLine.time(
                orders.flatMap { $0.map { requests[$0] } }, at: url, ca: stage.world.pki.ca, timeout: Self.patience)
            guard let times else { throw BedError("the server ended the connection on which its answers were timed") }
            repeats.append(
                orders.enumerated().dropFirst(warmUp).map { number, order in
                    var block = [Int](repeating: 0, count: keys.count)
                    for (place, key) in order.enumerated() { block[key] = times[number * keys.count + place] }
                    return block
                })
        }
        return repeats
    }

    /// All of one length: they differ in the octets of the key alone. Without a body, since many a server that refuses one unread
    /// ends the connection with it.
    private func request(key: String, url: String) -> [UInt8] {
        let request = stage.maker.wire.call("canary.read", url: url, authorization: ["Bearer \(key)"], session: nil)
        let target = URL(string: request.url)
        var head = "\(request.method) \(target?.path() ?? "/") HTTP/1.1\r\n"
        head += "Host: \(target?.host() ?? "127.0.0.1"):\(target?.port ?? 443)\r\nContent-Length: 0\r\n"
        for field in request.headers { head += "\(field.name): \(field.value)\r\n" }
        return Array("\(head)\r\n".utf8)
    }
}
