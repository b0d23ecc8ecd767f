/** Resolves after so many milliseconds, for which the process is not kept alive. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, milliseconds)
    if (isUnrefable(timer)) timer.unref()
  })
}

function isUnrefable(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer
}
