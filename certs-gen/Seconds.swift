import ArgumentParser

/// A length of time on the command line: a whole number and a unit, such as `2s`, `30m`, `24h`, `365d`.
struct Seconds: ExpressibleByArgument {
    let value: Double
    /// As it is shown in the help.
    let defaultValueDescription: String

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), (1...12).contains(argument.dropLast().utf8.count),
            argument.dropLast().utf8.allSatisfy({ (48...57).contains($0) }), let number = Double(argument.dropLast())
        else { return nil }
        self.init(number * unit, as: argument)
    }

    init(_ value: Double, as text: String) {
        self.value = value
        defaultValueDescription = text
    }
}
