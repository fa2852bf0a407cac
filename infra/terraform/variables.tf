variable "name" {
  description = "Name of this Uncia; in the names of everything."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "A name is 2 to 20 small letters, digits and hyphens, beginning with a letter."
  }
}

variable "location" {
  description = "Azure region."
  type        = string
}

variable "instance_memory" {
  description = "Memory of an instance in MB; what runs at once on it follows from ../uncia.json."
  type        = string
  default     = "2048"
  validation {
    condition     = contains(["512", "2048", "4096"], var.instance_memory)
    error_message = "An instance has 512, 2048 or 4096 MB."
  }
}

variable "maximum_instances" {
  description = "Most instances of one function at a time: what a flood of images may cost."
  type        = number
  default     = 40
}

variable "alert_email" {
  description = "Where alerts and the budget's warnings go."
  type        = string
}

variable "alert_url" {
  description = "Webhook that is told of animals at once; none: only the queue alerts is."
  type        = string
  default     = ""
}

variable "alert_secret" {
  description = "What messages to the webhook are signed with."
  type        = string
  default     = ""
  sensitive   = true
}

variable "utc_offset" {
  description = "How far the cameras' clocks are ahead of UTC, as +05:45."
  type        = string
  default     = "+00:00"
}

variable "monthly_budget" {
  description = "Warned of at half, and at all of it, in the currency of the bill, by month; 0 for no budget."
  type        = number
  default     = 50
}

variable "budget_start" {
  description = "First day of the month that the budget starts in, as 2026-12-01T00:00:00Z; this month unless given."
  type        = string
  default     = null
}

variable "replication" {
  description = "Copies of the images: ZRS keeps them in three zones, LRS is for regions without zones."
  type        = string
  default     = "ZRS"
  validation {
    condition     = contains(["LRS", "ZRS", "GRS", "GZRS"], var.replication)
    error_message = "Images are kept as LRS, ZRS, GRS or GZRS."
  }
}

variable "cool_after_days" {
  description = "Days after which originals move to the cool tier; frames and labels need them no more."
  type        = number
  default     = 30
}

variable "sign_in_client_id" {
  description = "Entra ID application for people to sign in with; without one the app answers nobody but the health check."
  type        = string
  default     = ""
}

variable "private_network" {
  description = "Storage reachable from the app's own network only. Uploads then need a way into that network."
  type        = bool
  default     = false
}
