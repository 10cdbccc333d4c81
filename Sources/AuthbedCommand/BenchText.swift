import Bed

extension BenchResults {
    /// What a call costs in those schemes, set against the same server with authentication off: the README's part.
    func brief(_ schemes: [String]) -> String {
        let rows = (["off", "off-again"] + schemes).compactMap { name in throughput.first { $0.scheme == name } }
        let shares = rows.map { row in
            row.scheme == "off"
                ? "\(Int(middle(row.perSecond)))" : "\(percent(row.ratio)) (\(percent(row.lowest))–\(percent(row.highest)))"
        }
        let times = rows.map { row in row.medianMicroseconds.map { "\(Int(middle($0))) µs" } ?? "–" }
        return [
            "| Cost of a call | "
                + rows.map { $0.scheme.hasPrefix("off") ? "authentication \($0.scheme.replacing("-", with: " "))" : "`\($0.scheme)`" }
                .joined(separator: " | ") + " |",
            "|" + String(repeating: "---|", count: rows.count + 1),
            "| Calls a second, and what is left of them | \(shares.joined(separator: " | ")) |",
            "| Half are answered within | \(times.joined(separator: " | ")) |",
        ].joined(separator: "\n")
    }

    /// All tables and sentences.
    var markdown: String {
        ([throughputTable, certificateTable, programTable, verificationSentence, agreementSentence].compactMap { $0 })
            .joined(separator: "\n\n")
    }

    private var throughputTable: String {
        var lines = [
            "| scheme | requests/s | against authentication off (lowest–highest of \(throughput.first?.perSecond.count ?? 0) rounds) | half within, nine in ten within | wrong credentials refused/s, a connection each |",
            "|---|---|---|---|---|",
        ]
        for row in throughput {
            let times = [row.medianMicroseconds, row.percentile90Microseconds].compactMap { $0 }.map { "\(Int(middle($0))) µs" }
            let refused = row.refusedPerSecond.map { "\(Int(middle($0)))" } ?? "–"
            lines.append(
                "| \(row.scheme) | \(Int(middle(row.perSecond))) | \(percent(row.ratio)) (\(percent(row.lowest))–\(percent(row.highest)))\(row.failed > 0 ? ", \(row.failed) failed" : "") "
                    + "| \(times.isEmpty ? "–" : times.joined(separator: ", ")) | \(refused) |")
        }
        return lines.joined(separator: "\n")
    }

    private var certificateTable: String? {
        guard let certificates, let base = certificates.rows.first(where: { $0.name == CertificateCosts.base }) else { return nil }
        var lines = [
            "| client certificates | handshakes/s, cold | of the server's processors, each | requests/s, warm | of the server's processors, each | warm, against `\(base.name)` |",
            "|---|---|---|---|---|---|",
        ]
        for row in certificates.rows {
            let failed = row.cold.failed + row.warm.failed
            lines.append(
                "| \(row.name) | \(Int(middle(row.cold.perSecond))) | \(Int(middle(row.cold.cpuMicroseconds).rounded())) µs | \(Int(middle(row.warm.perSecond))) | \(Int(middle(row.warm.cpuMicroseconds).rounded())) µs | \(span(row.warm.perSecond, over: base.warm.perSecond))\(failed > 0 ? ", \(failed) failed" : "") |"
            )
        }
        guard let beside = certificates.beside,
            let theirs = certificates.rows.first(where: { $0.name == CertificateCosts.nginx + base.name })
        else { return lines.joined(separator: "\n") }
        lines += [
            "",
            "Cold, `\(base.name)` does \(span(base.cold.perSecond, over: theirs.cold.perSecond)) of the handshakes of \(beside), which has the same "
                + "certificates and answers a fixed text; the client, which takes its part of the same processors, is in both.",
        ]
        return lines.joined(separator: "\n")
    }

    private var programTable: String {
        let rows = programs.map {
            "| \($0.name) | \(Int($0.readyMilliseconds.rounded())) ms | \(Int($0.megabytes.rounded())) MB |"
        }
        return (["| program | start to ready | memory |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    private var verificationSentence: String? {
        guard let verification, let lowest = verification.ratios.first, let highest = verification.ratios.last else { return nil }
        return
            "One ES256 token, all checks, on one thread: \(Int(middle(verification.perSecond))) verifications a second; `openssl speed ecdsap256`, the "
            + "signature alone, in the same run: \(Int(middle(verification.openssl))). That is \(percent(middle(verification.ratios))) "
            + "(\(percent(lowest))–\(percent(highest)))."
    }

    private var agreementSentence: String? {
        guard let agreement else { return nil }
        let counts =
            "The same server without authentication\(agreement.isApart == true ? ", kept to one processor" : ""), measured by the bed and by \(agreement.tool) by turns: "
            + "\(figures(agreement.ours.perSecond)) and \(figures(agreement.theirs.perSecond)) requests a second"
        guard let throughput = agreement.throughput, let latency = agreement.latency else { return counts + "." }
        return counts
            + " (\(words(throughput))). Over one connection, half are answered within \(figures(agreement.ours.medianMicroseconds)) and "
            + "\(figures(agreement.theirs.medianMicroseconds)) µs (\(words(latency))). Each stood in twice in every round; the last figure "
            + "is by how much one differs from itself, nine times in ten."
    }

    private func words(_ difference: PairedDifference) -> String {
        let verdict =
            switch difference.verdict {
            case .agree: "they agree"
            case .differ: "they do not agree"
            case .tooNoisy: "too noisy to tell"
            }
        return "\(verdict): \(percent(difference.ratio)), ±\(percent(difference.noise))"
    }

    /// Round by round: the middle one, and the lowest and highest.
    private func span(_ one: [Double], over other: [Double]) -> String {
        let ratios = zip(one, other).map { $1 > 0 ? $0 / $1 : 0 }.sorted()
        guard let lowest = ratios.first, let highest = ratios.last else { return "–" }
        return "\(percent(middle(ratios))) (\(percent(lowest))–\(percent(highest)))"
    }

    private func figures(_ rounds: [Double]) -> String {
        guard let lowest = rounds.min(), let highest = rounds.max() else { return "–" }
        return "\(Int(middle(rounds))) (\(Int(lowest))–\(Int(highest)))"
    }

    private func middle(_ figures: [Double]) -> Double { figures.isEmpty ? 0 : figures.sorted()[figures.count / 2] }

    private func percent(_ ratio: Double) -> String { "\(Int((ratio * 100).rounded())) %" }
}
