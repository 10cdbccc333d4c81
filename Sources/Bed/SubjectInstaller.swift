import Subprocess
import SystemPackage

/// Runs the script in a subject's folder that installs it; what it prints goes where ours goes.
package enum SubjectInstaller {
    /// - Parameters:
    ///   - script: The script's path.
    ///   - folder: The subject's folder, in which it runs.
    /// - Throws: `BedError` where it cannot be run, or says that it failed.
    package static func run(_ script: String, in folder: String) async throws {
        let result: ExecutionResult<Void, FileDescriptorOutput, FileDescriptorOutput>
        do {
            result = try await Subprocess.run(
                .path("/bin/sh"), arguments: [script], workingDirectory: FilePath(folder), input: .none, output: .currentStandardOutput,
                error: .currentStandardError)
        } catch {
            throw BedError("\(script) could not be run: \(error)")
        }
        guard result.terminationStatus.isSuccess else { throw BedError("\(script) failed: \(result.terminationStatus)") }
    }
}
