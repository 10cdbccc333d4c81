import ArgumentParser

/// A length of time on the command line: a whole number and a unit, such as `2s`, `30m`, `24h`, `90d`.
struct Seconds: ExpressibleByArgument {
    let value: Int
    /// As it is shown in the help.
    let defaultValueDescription: String

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), argument.dropLast().allSatisfy(\.isASCII),
            let number = Int(argument.dropLast()), number >= 0
        else { return nil }
        let (seconds, tooLong) = number.multipliedReportingOverflow(by: unit)
        guard !tooLong else { return nil }
        self.init(seconds, as: argument)
    }

    private init(_ value: Int, as text: String) {
        self.value = value
        defaultValueDescription = text
    }
}

extension Seconds {
    static let day = Seconds(86_400, as: "24h")
    static let second = Seconds(1, as: "1s")
}
