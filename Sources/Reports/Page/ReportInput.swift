package import Judge
package import Scenarios

/// Everything the report is made of. The same input gives the same bytes.
package struct ReportInput: Sendable {
    package var results: Results
    /// Nil where the trace is not at hand: then there is no wire text and no timeline.
    package var trace: RecordedRun?
    package var catalogue: Catalogue
    /// The defects and sentinels that these same programs and files were proven with; nil where nobody looked.
    package var proven: Set<String>?
    package var throughput: [Throughput]

    package init(
        results: Results, trace: RecordedRun?, catalogue: Catalogue, proven: Set<String>? = nil, throughput: [Throughput] = []
    ) {
        self.results = results
        self.trace = trace
        self.catalogue = catalogue
        self.proven = proven
        self.throughput = throughput
    }

    /// A scheme's requests a second, against the same server with authentication off.
    package struct Throughput: Sendable, Hashable {
        package var scheme: String
        package var perSecond: Double
        /// Against authentication off in the same round: median, lowest and highest round.
        package var ratio: Double
        package var lowest: Double
        package var highest: Double
        /// Nil where the bench did not tell.
        package var latency: Latency?
        /// Requests with a wrong credential, which are refused; nil where none can be wrong.
        package var refusedPerSecond: Double?

        package init(scheme: String, perSecond: Double, ratio: Double, lowest: Double, highest: Double) {
            self.scheme = scheme
            self.perSecond = perSecond
            self.ratio = ratio
            self.lowest = lowest
            self.highest = highest
        }
    }

    /// From request to answer, in microseconds.
    package struct Latency: Sendable, Hashable {
        /// Of the rounds' medians the middle one, the lowest and the highest.
        package var median: Double
        package var lowest: Double
        package var highest: Double
        /// Within which nine in ten requests were answered, in the middle round.
        package var most: Double

        package init(median: Double, lowest: Double, highest: Double, most: Double) {
            self.median = median
            self.lowest = lowest
            self.highest = highest
            self.most = most
        }
    }
}
