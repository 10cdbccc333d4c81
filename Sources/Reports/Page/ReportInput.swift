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

        package init(scheme: String, perSecond: Double, ratio: Double, lowest: Double, highest: Double) {
            self.scheme = scheme
            self.perSecond = perSecond
            self.ratio = ratio
            self.lowest = lowest
            self.highest = highest
        }
    }
}
